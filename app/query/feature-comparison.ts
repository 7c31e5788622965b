import { parseRule } from '../../core/detection/rules/parse-rule.ts';
import { judgesProfiles, type ProfilesRule } from '../../core/detection/rules/rule-schema.ts';
import type { PredictionsSourceConfig } from '../../core/telemetry/sources/kinds/predictions.ts';
import { asRuleId, type RuleId } from '../../core/vocabulary/ids.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import { formatDuration } from '../../core/vocabulary/units.ts';
import type { Ports } from '../ports/ports.ts';
import type { ModelSource } from './model-of.ts';
import { versionsSeen } from './versions-seen.ts';

/**
 * What features are compared with: the baseline of a drift rule, as it judges; what the version was
 * trained on; the version before; the time before.
 */
export const againsts = ['rule', 'training', 'version', 'before'] as const;
export type Against = (typeof againsts)[number];

export type ComparisonAsked = {
  against?: Against | undefined;
  rule?: string | undefined;
  version?: string | undefined;
  span?: { from: number; to: number } | undefined;
};

export type Comparison = {
  against: Against;
  /** What could be asked for besides. */
  choices: Against[];
  versions: string[];
  ruleId: RuleId;
  /** The drift rule; without one, what it would be with the usual bounds. */
  rule: ProfilesRule;
  isOfConfig: boolean;
  current: { version?: string | undefined; from: number; to: number };
};

const week = 7 * 86_400_000;
/** Where no rule says otherwise, fewer values than this tell nothing. */
export const usualMinCount = 200;
export const longestSpan = 366 * 86_400_000;

/** The drift rules of a source, those of the whole model first. */
export function driftRulesOf(config: Ports['config'], { name }: Pick<ModelSource, 'name'>): [RuleId, ProfilesRule][] {
  return Object.entries(config.rules)
    .flatMap(([id, rule]): [RuleId, ProfilesRule][] =>
      judgesProfiles(rule) && rule.source === name ? [[asRuleId(id), rule]] : [],
    )
    .sort(([, a], [, b]) => (a.query.predictions?.by.length ?? 0) - (b.query.predictions?.by.length ?? 0));
}

/** What to compare with what. The spans are whole buckets of profiles. */
export async function comparisonOf(
  ports: Pick<Ports, 'config' | 'store'>,
  model: ModelSource,
  asked: ComparisonAsked,
  now: number,
): Promise<Comparison | { error: string }> {
  const { store, config } = ports;
  const { name, source } = model;
  const rules = driftRulesOf(config, model);
  const [seen, serving, trainings] = await Promise.all([
    versionsSeen(store, model, now),
    store.serving(name),
    store.trainings(name),
  ]);
  const versions = seen.map(({ version }) => version);
  const latest = serving?.modelVersion ?? versions.at(-1);
  const version = asked.version ?? latest;
  if (asked.version !== undefined && !versions.includes(asked.version))
    return { error: `no records of version ${shown(asked.version)} of ${model.model} are kept` };
  const before = versions[versions.indexOf(version ?? '') - 1];
  const training = trainings.find(({ modelVersion }) => modelVersion === version);
  const choices = againsts.filter(
    (one) =>
      (one === 'rule' && rules.length > 0) ||
      (one === 'training' && training !== undefined) ||
      (one === 'version' && before !== undefined) ||
      one === 'before',
  );
  const against = asked.against ?? (asked.version === undefined ? choices[0] : choices.find((one) => one !== 'rule')) ?? 'before';
  if (!choices.includes(against)) return { error: unavailable(against, model.model, version) };
  const common = { against, choices, versions };
  if (against === 'rule') {
    const found = asked.rule === undefined ? rules[0] : rules.find(([id]) => id === asked.rule);
    if (found === undefined) return { error: `there is no drift rule ${shown(asked.rule)} about ${model.model}` };
    const [ruleId, rule] = found;
    const to = Math.floor((asked.span?.to ?? now) / rule.step) * rule.step;
    const { over = source.profileBucket, version: only } = rule.query.predictions ?? {};
    return { ...common, ruleId, rule, isOfConfig: true, current: { version: only, from: to - over, to } };
  }
  const span = spanOf(source, against, asked.span, now);
  // Of one version where versions are compared, or where somebody asked for one.
  const only = against === 'version' || against === 'training' ? version : asked.version;
  const rule = assumed(name, source, {
    ...{ against, span, version: only, before },
    // As a drift rule of the model asks for, if there is one.
    minCount: rules[0]?.[1].samples.minCount ?? usualMinCount,
  });
  return {
    ...common,
    ruleId: asRuleId('features'),
    rule,
    isOfConfig: false,
    current: { version: only, ...span },
  };
}

const unavailable = (against: Against, model: string, version: string | undefined): string => {
  switch (against) {
    case 'rule':
      return `no rule judges the drift of ${model}`;
    case 'training':
      return `no training profile of version ${version ?? '(none serves)'} of ${model} was sent`;
    case 'version':
      return `no version of ${model} before ${version ?? 'this one'} is kept`;
    case 'before':
      return 'nothing came before';
    default:
      return against satisfies never;
  }
};

/** A week shows every part of the usual cycles; versions are compared over all that is kept. */
function spanOf(
  { profileBucket, retain }: PredictionsSourceConfig,
  against: Against,
  asked: ComparisonAsked['span'],
  now: number,
): { from: number; to: number } {
  const ceiled = (at: number): number => Math.ceil(at / profileBucket) * profileBucket;
  const to = ceiled(asked?.to ?? now);
  const usual = against === 'version' ? retain : Math.max(profileBucket, Math.min(week, retain));
  const from = Math.floor((asked?.from ?? to - usual) / profileBucket) * profileBucket;
  return { from: Math.min(from, to - profileBucket), to };
}

type Assumed = {
  against: Exclude<Against, 'rule'>;
  span: { from: number; to: number };
  version: string | undefined;
  before: string | undefined;
  minCount: number;
};

/** A drift rule with the usual bounds, which asks what somebody wants to see. */
function assumed(
  name: string,
  source: PredictionsSourceConfig,
  { against, span, version, before, minCount }: Assumed,
): ProfilesRule {
  const over = span.to - span.from;
  const written = {
    before: { rolling: { window: formatDuration(Math.max(source.profileBucket, Math.min(2 * over, source.retain))) } },
    version: { version: before ?? '' },
    training: { training: {} },
  }[against];
  return parseRule('drift', {
    source: name,
    query: { predictions: { metric: 'drift', over: formatDuration(over), ...(version !== undefined && { version }) } },
    step: formatDuration(source.profileBucket),
    category: 'drift',
    drift: { measure: 'psi', baseline: written as { rolling: { window: string } } },
    samples: { minCount },
    runbook: 'feature-drift',
  });
}
