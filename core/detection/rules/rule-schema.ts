import * as z from 'zod';
import { isProportion } from '../../telemetry/metric-meaning.ts';
import { segmentsAsked } from '../../telemetry/samples/segments.ts';
import { querySchema, type RuleQuery } from '../../telemetry/sources/query-schema.ts';
import { categorySchema, exactlyOne, labels, name } from '../../vocabulary/schema-parts.ts';
import { alarmsBudget, duration, formatDuration, percent, positiveDuration } from '../../vocabulary/units.ts';
import { unknownKind } from '../../vocabulary/unknown-kind.ts';
import { type RuleKind, ruleKindNames, type WrittenKinds, writtenKinds } from '../kinds/written.ts';
import { flappingSchema } from './flapping-schema.ts';
import type { Judges, WrittenKind } from './written-kind.ts';

const mOfN = z
  .string()
  .regex(/^\d+\/\d+$/, { error: 'expected M/N, such as 3/5: M of the last N points' })
  .transform((text) => {
    const [m, n] = text.split('/').map(Number) as [number, number];
    return { m, n };
  })
  .refine(({ m, n }) => m >= 1 && n >= m && n <= 1000, { error: 'expected M/N with 1 <= M <= N <= 1000' })
  .meta({ title: 'M/N' });

const rangeSchema = z
  .strictObject({
    min: z.number().optional().describe('The least value the metric can have.'),
    max: z.number().optional().describe('The greatest value it can have.'),
  })
  .refine(({ min, max }) => min !== undefined || max !== undefined, { error: 'expected min, max or both' })
  .refine(({ min, max }) => min === undefined || max === undefined || min < max, {
    error: 'expected max to lie above min',
    path: ['max'],
  });

/** Where a rule says nothing else. */
export const usualRecover = 0.8;
const confidenceBySegment = 0.95;

const samplesGuard = z.strictObject({
  family: name
    .optional()
    .describe(
      'Rules of one source that name the same family are tested together, as all series of one rule are: the more of them, the surer each has to be. Those that are due at the same time.',
    ),
  labelShare: percent
    .refine((share) => share <= 1, { error: 'expected 0% to 100%' })
    .prefault('80%')
    .describe('For metrics that rest on labels: with fewer of its predictions labelled, a point is called provisional.'),
  lateLabels: duration
    .prefault('0s')
    .describe(
      'For metrics that rest on labels: the newest window whose labels have come is judged beside the latest one, where it ended at most this long ago. 0s judges the latest only.',
    ),
  minCount: z.int().min(0).prefault(0).describe('Below this many samples a point is never a breach.'),
  confidence: percent
    .refine((c) => c > 0 && c < 1, { error: 'expected a confidence between 0% and 100%' })
    .optional()
    .describe(
      'For a ratio: a point breaches only where the Wilson interval of this confidence lies wholly past the bound. 95% when left out in a rule whose query splits by a segment of its source.',
    ),
});

/** The keys of the kinds, all optional. */
type KindKeys = { [K in RuleKind]: z.ZodOptional<WrittenKinds[K]['schema']> };
const kindKeys = Object.fromEntries(ruleKindNames.map((kind) => [kind, writtenKinds[kind].schema.optional()])) as KindKeys;

type Written = { [K in RuleKind]?: z.output<WrittenKinds[K]['schema']> | undefined };

/** The first kind whose key is present and fits. Several keys are refused elsewhere. */
const writtenKindOf = (rule: Written, fits: (kind: WrittenKind) => boolean): RuleKind | undefined =>
  ruleKindNames.find((kind) => rule[kind] !== undefined && fits(writtenKinds[kind]));

/** A rule on alerts queries no source; every other one does. Reported along with other faults. */
function askedBy(key: 'source' | 'query') {
  const fits = (rule: unknown): boolean => {
    if (typeof rule !== 'object' || rule === null) return true;
    const { [key]: value, ...written }: Written & { source?: unknown; query?: unknown } = rule;
    return (writtenKindOf(written, ({ judges }) => judges === 'alerts') === undefined) !== (value === undefined);
  };
  const error = `expected a ${key} in every rule but a composite one, which has none`;
  const params: { path: string[]; error: string; when: () => boolean } = { path: [key], error, when: () => true };
  return [fits, params] as const;
}

const writtenRule = z
  .strictObject({
    title: z.string().optional().describe("What a page says is wrong; the rule's name when left out."),
    source: name.optional().describe('Name of the source that is asked; required but for `composite`.'),
    query: querySchema
      .optional()
      .describe('What the source is asked for: exactly one, of the kind of the source; required but for `composite`.'),
    step: positiveDuration.prefault('1m').describe('Distance between two judged points; for CloudWatch the period.'),
    every: positiveDuration.optional().describe('How often the rule is evaluated; `step` when left out.'),
    whileActive: positiveDuration
      .optional()
      .describe(
        'How often it is evaluated while an alert of it is pending or firing; shorter than `every`. As `every` when left out.',
      ),
    category: categorySchema.describe('The row of the escalation matrix.'),
    ...kindKeys,
    for: mOfN.prefault('1/1').describe('M/N: at least M of the last N points must breach.'),
    recover: percent
      .refine((r) => r > 0 && r <= 1, { error: 'expected more than 0% and at most 100%' })
      .optional()
      .describe(
        "An alert leaves a band only once it is below this share of the band's bound; of a threshold, of the room between the good end of the metric and the bound. 80% when left out, for drift 50%. `tocsin check` prints where each rule ends.",
      ),
    range: rangeSchema
      .optional()
      .describe(
        'The ends of the metric, where the query does not tell them (as for samples and CloudWatch): where a threshold ends, and which bounds can be reached.',
      ),
    keepFiring: duration
      .optional()
      .describe(
        'An alert leaves a band only after it has been below it for this long: critical for warn as well as warn for well. When left out one `step` for drift, and 0s for others.',
      ),
    flapping: flappingSchema.optional().describe('When its alerts count as flapping; `settings.flapping` when left out.'),
    noData: z
      .enum(['ok', 'alert', 'hold'])
      .prefault('hold')
      .describe('What missing points count as: fine, a breach of the warn band, or nothing new (the last state holds).'),
    errorFor: duration
      .prefault('15m')
      .describe('After the source has failed this long, an alert about the rule itself is raised.'),
    refusedFor: duration
      .optional()
      .describe(
        'After the baseline of a series has been refused this long, an alert about the rule itself is raised, for it judges nothing. As long as the baseline looks back when left out, which a new rule needs to warm up; 1h for one that is named, such as a training, and where the points that are missing belong to earlier alerts.',
      ),
    samples: samplesGuard.prefault({}).describe('Protection against points that rest on too few samples.'),
    falseAlarms: alarmsBudget
      .optional()
      .describe(
        'A budget: how many alerts may begin by chance in a month of 30 days, over all series. It decides how sure a breach has to be, of proportions and of drift; never less sure than `samples.confidence` or `falseDiscovery` say.',
      ),
    maxSeries: z
      .int()
      .min(1)
      .max(100_000)
      .prefault(10_000)
      .describe(
        'Of more series than this, those with an alert and the oldest are judged; the newest raise an alert about the rule itself.',
      ),
    labels: labels.prefault({}).describe('Labels of every alert of this rule; they replace those of the series.'),
    owner: z.string().optional().describe('Who owns what is watched; shown on pages.'),
    runbook: name.describe('Name of the runbook: runbooks/NAME.md.'),
    rollback: name.optional().describe('Name of the rollback that is considered when this rule is critical.'),
  })
  .superRefine(exactlyOne(ruleKindNames))
  .refine(...askedBy('source'))
  .refine(...askedBy('query'))
  .superRefine((rule, ctx) => {
    const alone = writtenKindOf(rule, ({ countsPoints }) => !countsPoints);
    if (alone !== undefined && rule.for.n > 1) {
      const message = `expected no M/N above 1/1: ${alone} has spans of its own; received ${rule.for.m}/${rule.for.n}`;
      ctx.addIssue({ code: 'custom', path: ['for'], message });
    }
  })
  .superRefine((rule, ctx) => {
    const kind = writtenKindOf(rule, ({ tests }) => !tests);
    if (kind === undefined || rule.falseAlarms === undefined) return;
    const message = `expected no budget, which decides how sure a test has to be; a rule of the kind ${kind} makes none; remove this key`;
    ctx.addIssue({ code: 'custom', path: ['falseAlarms'], message });
  })
  .superRefine((rule, ctx) => {
    for (const kind of ruleKindNames) {
      const written: WrittenKind = writtenKinds[kind];
      const wrong = rule[kind] === undefined ? undefined : written.wrong?.(rule[kind], rule);
      if (wrong !== undefined) ctx.addIssue({ code: 'custom', path: [...wrong.path], message: wrong.message });
    }
  })
  .superRefine((rule, ctx) => {
    const kind = writtenKindOf(rule, ({ recovers }) => !recovers);
    if (kind === undefined || rule.recover === undefined) return;
    const message = `expected no share of a bound: an alert of the kind ${kind} ends at once, with what it is about; remove this key`;
    ctx.addIssue({ code: 'custom', path: ['recover'], message });
  })
  .superRefine(({ step, every = step, whileActive }, ctx) => {
    if (whileActive === undefined || whileActive < every) return;
    const message = `expected less than the ${formatDuration(every)} at which the rule is evaluated while all is well; received ${formatDuration(whileActive)}`;
    ctx.addIssue({ code: 'custom', path: ['whileActive'], message });
  });

type WrittenRule = z.output<typeof writtenRule>;

/** What rules of all kinds have. */
export type RuleCommon = Omit<WrittenRule, RuleKind | 'source' | 'query' | 'recover' | 'keepFiring'> & {
  recover: number;
  keepFiring: number;
};

/** What a rule that queries a source has. */
type Asks<J extends Judges> = J extends 'alerts' ? unknown : { source: string; query: RuleQuery };

/** A rule of one kind: `{ kind: 'threshold', threshold: ... }`, plus the common part. */
export type RuleOf<K extends RuleKind> = {
  [P in K]: RuleCommon & { kind: P } & { [Own in P]: z.output<WrittenKinds[P]['schema']> } & Asks<WrittenKinds[P]['judges']>;
}[K];

export type Rule = RuleOf<RuleKind>;

type KindThatJudges<J extends Judges> = { [K in RuleKind]: WrittenKinds[K]['judges'] extends J ? K : never }[RuleKind];

/** A rule that queries a source, for points or profiles. */
export type AskingKind = KindThatJudges<'points' | 'profiles'>;
export type AskingRule = RuleOf<AskingKind>;
export type PointsRule = RuleOf<KindThatJudges<'points'>>;
export type ProfilesRule = RuleOf<KindThatJudges<'profiles'>>;
/** A rule that depends on the alerts of others. */
export type RestingKind = KindThatJudges<'alerts'>;
export type RestingRule = RuleOf<RestingKind>;

/** A rule as written in a config: its key names its kind. */
export const ruleSchema = writtenRule.transform(tagged);

/**
 * Turns the key into `kind`, and keeps only that key. The schema has checked that there is exactly
 * one.
 */
function tagged(rule: WrittenRule): Rule {
  const kind = writtenKindOf(rule, () => true) as RuleKind;
  const common = Object.entries(rule).filter(([key]) => !Object.hasOwn(writtenKinds, key));
  const { usual }: WrittenKind = writtenKinds[kind];
  const leftOut = {
    recover: rule.recover ?? usual?.recover ?? usualRecover,
    keepFiring: rule.keepFiring ?? (usual?.keepFiring ?? 0) * rule.step,
    samples: { ...rule.samples, confidence: confidenceOf(rule, kind) },
  };
  return { kind, [kind]: rule[kind], ...Object.fromEntries(common), ...leftOut } as Rule;
}

/**
 * A rule that splits by segments judges many series, some of which are past a bound by chance. So
 * the splitting alone asks for evidence, where the metric is a proportion.
 */
function confidenceOf({ samples, falseAlarms, query }: WrittenRule, kind: RuleKind): number | undefined {
  const { tests, judges } = writtenKinds[kind];
  const predictions = query?.predictions;
  if (samples.confidence !== undefined || falseAlarms !== undefined || predictions === undefined) return samples.confidence;
  const isSplit = tests && judges === 'points' && segmentsAsked(predictions).length > 0;
  const isShare = predictions.share !== undefined || (predictions.metric !== 'score_mean' && isProportion(predictions.metric));
  return isSplit && isShare ? confidenceBySegment : undefined;
}

/** Throws TypeError for an unknown kind. */
const writtenOf = ({ kind }: Rule): WrittenKind => writtenKinds[kind] ?? unknownKind('rule kind', kind as never);

export const judgesOf = (rule: Rule): Judges => writtenOf(rule).judges;
/** Whether rules of this kind test how certain a breach is. */
export const makesTests = (rule: Rule): boolean => writtenOf(rule).tests;

/** The source a rule queries; undefined if it depends on alerts. */
export const sourceNameOf = (rule: Rule): string | undefined => (isAsking(rule) ? rule.source : undefined);

export const isAsking = (rule: Rule): rule is AskingRule => judgesOf(rule) !== 'alerts';
export const isResting = (rule: Rule): rule is RestingRule => judgesOf(rule) === 'alerts';
export const judgesPoints = (rule: Rule): rule is PointsRule => judgesOf(rule) === 'points';
export const judgesProfiles = (rule: Rule): rule is ProfilesRule => judgesOf(rule) === 'profiles';
