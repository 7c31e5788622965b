import { parseAskingRule } from '../../core/detection/rules/parse-rule.ts';
import { type AskingRule, isAsking } from '../../core/detection/rules/rule-schema.ts';
import { wilsonInterval, zOf } from '../../core/statistics/wilson.ts';
import { isProportion, meaninglessBy, type PredictionMetric } from '../../core/telemetry/metric-meaning.ts';
import { segmentNames } from '../../core/telemetry/samples/segments.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import type { Labels } from '../../core/vocabulary/schema-parts.ts';
import { formatDuration } from '../../core/vocabulary/units.ts';
import type { Ports } from '../ports/ports.ts';
import type { SourceRequest } from '../ports/source.ts';
import { storedSources } from '../sources/all-sources.ts';
import type { ModelSource } from './model-of.ts';

/** How good a model was in one part of its predictions. */
export type QualityPart = { labels: Labels; value: number; count?: number; interval?: { low: number; high: number } };

/** By version, or by the values of one segment. */
export type QualityBy = { by: string; parts: QualityPart[]; more: number };

export type Quality = {
  metric: PredictionMetric;
  from: number;
  to: number;
  /** Of the intervals; undefined where the metric has none. */
  confidence?: number;
  total?: QualityPart;
  by: QualityBy[];
};

const week = 7 * 86_400_000;
const confidence = 0.95;
const mostParts = 40;
/** What says most about a model, of what means anything for it. */
const preferred = ['accuracy', 'f1', 'rmse', 'mae'] as const satisfies PredictionMetric[];
const ofQuality: readonly PredictionMetric[] = [
  ...(['accuracy', 'precision', 'recall', 'f1', 'auc', 'log_loss', 'brier', 'mae', 'rmse', 'bias'] as const),
];

/** The metric of a rule about it, else the first that means something for what it predicts. */
function metricOf(config: Ports['config'], { name, source }: ModelSource): PredictionMetric {
  const asked = Object.values(config.rules).flatMap((rule) =>
    isAsking(rule) && rule.source === name ? (rule.query.predictions?.metric ?? []) : [],
  );
  return (
    asked.find((metric) => ofQuality.includes(metric)) ??
    preferred.find((metric) => meaninglessBy(metric, name, source) === undefined) ??
    'accuracy'
  );
}

/** How good a model was in the last week, by version and by segment. */
export async function qualityOf(
  { store, config }: Pick<Ports, 'store' | 'config'>,
  model: ModelSource,
  now: number,
): Promise<Quality> {
  const { name, source } = model;
  const metric = metricOf(config, model);
  const { bucket, retain } = source;
  const over = Math.max(bucket, Math.floor(Math.min(week, retain) / bucket) * bucket);
  const to = Math.ceil(now / bucket) * bucket;
  const splits = ['version', ...segmentNames(source)];
  const requests = [undefined, ...splits].map((by): SourceRequest => {
    const rule = asking(name, metric, by, { over, step: bucket });
    return { ruleId: asRuleId('quality'), rule, from: to - bucket, to };
  });
  const answers = await storedSources(store).predictions.query(name, source, requests, now);
  const withInterval = isProportion(metric);
  const partsOf = (place: number): QualityPart[] => {
    const answer = answers[place];
    if (answer?.ok !== true) return [];
    return answer.series.flatMap(({ labels, points }) => {
      const point = points.at(-1);
      return point === undefined ? [] : [partOf(own(labels, model), point, withInterval)];
    });
  };
  const [total] = partsOf(0);
  return {
    metric,
    from: to - over,
    to,
    ...(withInterval && { confidence }),
    ...(total !== undefined && { total }),
    by: splits.map((by, place) => {
      const parts = partsOf(place + 1).sort((a, b) => (b.count ?? 0) - (a.count ?? 0));
      return { by, parts: parts.slice(0, mostParts), more: Math.max(0, parts.length - mostParts) };
    }),
  };
}

function partOf(labels: Labels, { value, count }: { value: number; count?: number }, withInterval: boolean): QualityPart {
  return {
    labels,
    value,
    ...(count !== undefined && { count }),
    ...(withInterval && count !== undefined && { interval: wilsonInterval(value, count, zOf(confidence)) }),
  };
}

const own = (labels: Labels, { model, source }: ModelSource): Labels => {
  const fixed = { model, ...source.labels };
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !Object.hasOwn(fixed, name)));
};

/** A rule that asks; what it is judged by is of no account. */
function asking(
  source: string,
  metric: PredictionMetric,
  by: string | undefined,
  { over, step }: { over: number; step: number },
): AskingRule {
  return parseAskingRule({
    source,
    query: { predictions: { metric, over: formatDuration(over), by: by === undefined ? [] : [by] } },
    step: formatDuration(step),
    category: 'performance',
    threshold: { above: { warn: Number.MAX_VALUE } },
    runbook: 'accuracy-drop',
  });
}
