import type { Trained } from '../../telemetry/series.ts';
import { labelArrivalMetrics } from '../../telemetry/sources/kinds/predictions-query.ts';
import type { TrainingMetric, TrainingRecord } from '../../telemetry/training/training.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import { metricName } from '../points/metric-name.ts';
import type { Baseline, BaselineResult } from '../verdict.ts';
import { usable } from './baseline.ts';
import type { BaselineKindOf } from './baseline-kind.ts';
import type { BaselineOf, TrainingBaselineConfig } from './schema.ts';

/**
 * How good the served version was in training. Refused if it has no training profile, or one of
 * another dataset, too old, without this metric, or with too few rows. A pinned one stays, even if
 * another version is promoted.
 */
export function trainingBaselineOf(
  config: Omit<TrainingBaselineConfig, 'kind'>,
  trained: Trained | undefined,
  metric: string,
  feature: string | undefined,
  now: number,
  frozen: Baseline | undefined,
): BaselineResult {
  if (frozen?.kind === 'training') return usable(frozen);
  const refused = refusalOf(config, trained, now);
  if (refused !== undefined) return { ok: false, reason: `baseline refused: ${refused}` };
  const { record } = trained as Extract<Trained, { ok: true }>;
  const { modelVersion, dataset, trainedAt } = record;
  const found = metricOf(record, metric, feature);
  const of = `the training of version ${modelVersion}`;
  if (typeof found === 'string') return { ok: false, reason: `baseline refused: ${of} ${found}` };
  if (found.count < config.minCount) {
    return {
      ok: false,
      reason: `baseline refused: ${metric} of ${of} rests on ${found.count} rows, fewer than minCount ${config.minCount}`,
    };
  }
  return usable({ kind: 'training', value: found.value, version: modelVersion, dataset, count: found.count, at: trainedAt });
}

/**
 * Why a training cannot be compared with at all, worded to follow `refused:`; undefined if it can.
 */
export function refusalOf(
  config: Omit<TrainingBaselineConfig, 'kind'>,
  trained: Trained | undefined,
  now: number,
): string | undefined {
  if (trained === undefined) return 'the source gives no training profiles';
  if (!trained.ok) return trained.reason;
  const { modelVersion, dataset, trainedAt } = trained.record;
  if (config.dataset !== undefined && dataset !== config.dataset) {
    return `version ${modelVersion} was trained on dataset ${dataset}, not on ${config.dataset}, which the rule asks for`;
  }
  const age = now - trainedAt;
  if (config.maxAge !== undefined && age > config.maxAge) {
    return `the training data of version ${modelVersion} ended ${formatDuration(age)} ago, more than maxAge ${formatDuration(config.maxAge)}`;
  }
  return undefined;
}

function metricOf({ metrics, features }: TrainingRecord, metric: string, feature: string | undefined): TrainingMetric | string {
  // An estimate is compared with the model's real training result.
  const names = metric.startsWith('estimated_') ? [metric.slice('estimated_'.length), metric] : [metric];
  for (const name of names) if (Object.hasOwn(metrics, name)) return metrics[name] as TrainingMetric;
  const part = featureParts[metric];
  if (part === undefined) {
    const known = Object.keys(metrics).join(', ');
    return `has no ${metric}; it has ${known === '' ? 'no metric at all' : known}`;
  }
  if (feature === undefined || !Object.hasOwn(features, feature)) return `has no feature ${feature ?? ''}`.trim();
  const { seen, nulls, mistyped = 0, outOfRange = 0, unseen = 0 } = features[feature] as TrainingRecord['features'][string];
  const count = part === 'nulls' ? seen : seen - nulls;
  return count > 0 ? { value: { nulls, mistyped, outOfRange, unseen }[part] / count, count } : `has no values of ${feature}`;
}

const featureParts: Partial<Record<string, 'nulls' | 'mistyped' | 'outOfRange' | 'unseen'>> = {
  null_rate: 'nulls',
  type_error_rate: 'mistyped',
  out_of_range_rate: 'outOfRange',
  unseen_rate: 'unseen',
};

/** A feature's training profile, if comparable; else why not, worded to follow `refused:`. */
export function featureRefusal(
  config: Omit<TrainingBaselineConfig, 'kind'>,
  { modelVersion, features }: TrainingRecord,
  feature: string,
): string | undefined {
  if (!Object.hasOwn(features, feature)) return `the training of version ${modelVersion} has no feature ${feature}`;
  const { seen, nulls, kind } = features[feature] as TrainingRecord['features'][string];
  if (kind === 'none') return `all ${seen} rows of the training of version ${modelVersion} are without it`;
  const values = seen - nulls;
  if (values >= config.minCount) return undefined;
  return `the training of version ${modelVersion} has ${values} values of it, fewer than minCount ${config.minCount}`;
}

/** Metrics of live traffic, which a training cannot have. */
const liveOnly: readonly string[] = [
  'count',
  'labelled',
  'freshness',
  'duplicate_rate',
  'label_coverage',
  ...labelArrivalMetrics,
];

export const training: BaselineKindOf<BaselineOf<'training'>> = {
  normal: (config, { rule, context: { trained, feature, to, frozen } }) =>
    trainingBaselineOf(config, trained, metricName(rule.query), feature, to, frozen),
  byTime: false,
  learns: false,
  reach: () => 0,
  remembersVersions: () => undefined,
  reachKeys: [],
  training: (config) => config,
  versionBefore: () => undefined,
  fills: () => 0,
  readFrom: () => Number.POSITIVE_INFINITY,
  named: () => undefined,
  deviations: () => 0,
  variance: () => 0,
  // A training belongs to its model, and has only some metrics.
  checkSource(path, _, { rule, source }, report) {
    if (source.kind !== 'predictions') {
      report(path, 'key', `expected a source of predictions, whose versions were trained; received ${source.kind}`);
      return;
    }
    const metric = rule.query.predictions?.metric ?? '';
    if (!liveOnly.includes(metric)) return;
    report(path, 'key', `a training knows nothing of ${metric}, which is about what is served; take another baseline`);
  },
};
