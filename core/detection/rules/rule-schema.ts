import * as z from 'zod';
import { querySchema, type RuleQuery } from '../../telemetry/sources/query-schema.ts';
import { categorySchema, exactlyOne, labels, name } from '../../vocabulary/schema-parts.ts';
import { alarmsBudget, duration, formatDuration, percent, positiveDuration } from '../../vocabulary/units.ts';
import { degradationSchema } from '../baselines/schema.ts';
import { anomalySchema, shortLookback } from '../kinds/anomaly/schema.ts';
import { driftSchema } from '../kinds/drift/schema.ts';
import { absenceSchema, burnRateSchema, compositeSchema, rateOfChangeSchema, thresholdSchema } from './rule-kinds-schema.ts';

const mOfN = z
  .string()
  .regex(/^\d+\/\d+$/, { error: 'expected M/N, such as 3/5: M of the last N points' })
  .transform((text) => {
    const [m, n] = text.split('/').map(Number) as [number, number];
    return { m, n };
  })
  .refine(({ m, n }) => m >= 1 && n >= m && n <= 1000, { error: 'expected M/N with 1 <= M <= N <= 1000' })
  .meta({ title: 'M/N' });

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
    .describe('For a ratio: a point breaches only where the Wilson interval of this confidence lies wholly past the bound.'),
});

/** How a rule judges: it has exactly one of these. */
export const ruleKinds = [
  'degradation',
  'threshold',
  'rateOfChange',
  'burnRate',
  'absence',
  'drift',
  'anomaly',
  'composite',
] as const;

/** A composite rule asks no source, and every other one does; said beside whatever else is wrong. */
function askedBy(key: 'source' | 'query') {
  const fits = (rule: unknown): boolean => {
    if (typeof rule !== 'object' || rule === null) return true;
    const { composite, [key]: value }: { composite?: unknown; source?: unknown; query?: unknown } = rule;
    return (composite === undefined) !== (value === undefined);
  };
  const error = `expected a ${key} in every rule but a composite one, which has none`;
  const params: { path: string[]; error: string; when: () => boolean } = { path: [key], error, when: () => true };
  return [fits, params] as const;
}

export const ruleSchema = z
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
    degradation: degradationSchema.optional().describe('Judge by how much worse than a baseline.'),
    threshold: thresholdSchema.optional().describe('Judge by fixed bounds.'),
    rateOfChange: rateOfChangeSchema.optional().describe('Judge by how much the value has changed over a span.'),
    burnRate: burnRateSchema.optional().describe('Judge by how fast the error budget of an objective burns.'),
    absence: absenceSchema.optional().describe('Judge by how long no point has come: a heartbeat.'),
    drift: driftSchema.optional().describe('Judge by how far the values of features lie from those of a baseline.'),
    anomaly: anomalySchema
      .optional()
      .describe('Judge by whether the series is unlike itself; nothing has to be set: `anomaly: {}`.'),
    composite: compositeSchema.optional().describe('Judge by the alerts of other rules.'),
    for: mOfN.prefault('1/1').describe('M/N: at least M of the last N points must breach.'),
    recover: percent
      .refine((r) => r > 0 && r <= 1, { error: 'expected 0% to 100%' })
      .prefault('80%')
      .describe("An alert leaves a band only once it is below this share of the band's bound."),
    keepFiring: duration
      .prefault('0s')
      .describe(
        'An alert leaves a band only after it has been below it for this long: critical for warn as well as warn for well.',
      ),
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
  .superRefine(exactlyOne([...ruleKinds]))
  .refine(...askedBy('source'))
  .refine(...askedBy('query'))
  .superRefine((rule, ctx) => {
    const alone = (['burnRate', 'absence', 'drift', 'composite'] as const).find((kind) => rule[kind] !== undefined);
    if (alone !== undefined && rule.for.n > 1) {
      const message = `expected no M/N above 1/1: ${alone} has spans of its own; received ${rule.for.m}/${rule.for.n}`;
      ctx.addIssue({ code: 'custom', path: ['for'], message });
    }
  })
  .superRefine((rule, ctx) => {
    const kind = (['anomaly', 'absence', 'composite'] as const).find((one) => rule[one] !== undefined);
    if (kind === undefined || rule.falseAlarms === undefined) return;
    const message = `expected no budget, which decides how sure a test has to be; a rule of the kind ${kind} makes none; remove this key`;
    ctx.addIssue({ code: 'custom', path: ['falseAlarms'], message });
  })
  .superRefine(({ anomaly, step }, ctx) => {
    const message = anomaly === undefined ? undefined : shortLookback(anomaly, step);
    if (message !== undefined) ctx.addIssue({ code: 'custom', path: ['anomaly', 'lookback'], message });
  })
  .superRefine(({ step, every = step, whileActive }, ctx) => {
    if (whileActive === undefined || whileActive < every) return;
    const message = `expected less than the ${formatDuration(every)} at which the rule is evaluated while all is well; received ${formatDuration(whileActive)}`;
    ctx.addIssue({ code: 'custom', path: ['whileActive'], message });
  });

export type Rule = z.output<typeof ruleSchema>;
/** A rule that asks a source: every kind but composite. */
export type AskingRule = Rule & { source: string; query: RuleQuery };
