import { rangeNeeded } from '../detection/judge.ts';
import { askingKindOf } from '../detection/kinds/table.ts';
import type { NamedSpan } from '../detection/rules/rule-kind.ts';
import { type AskingRule, judgesProfiles } from '../detection/rules/rule-schema.ts';
import { looksBefore } from '../telemetry/samples/sample-series.ts';
import { declarationOf } from '../telemetry/sources/kinds/feature-declaration.ts';
import type { FeatureSchema } from '../telemetry/sources/kinds/feature-schema.ts';
import type { PredictionsSourceConfig } from '../telemetry/sources/kinds/predictions.ts';
import { featureMetrics, labelArrivalMetrics, spreadMetrics } from '../telemetry/sources/kinds/predictions-query.ts';
import { askedKinds } from '../telemetry/sources/query-schema.ts';
import { bucketsOf, isAsked, type SourceConfig, type SourceKind, sourceKindOf, sourceLag } from '../telemetry/sources/source.ts';
import type { Buckets } from '../telemetry/sources/source-kind.ts';
import { nearest } from '../vocabulary/nearest.ts';
import type { Path, Report } from '../vocabulary/report.ts';
import { severities } from '../vocabulary/schema-parts.ts';
import { shown } from '../vocabulary/shown.ts';
import { formatDuration } from '../vocabulary/units.ts';
import { checkAskedSeldom } from './asked-seldom.ts';
import { checkMetric } from './metric-fits.ts';
import { checkBy } from './segments-fit.ts';

/** Whether a rule's source can answer it: query kind, times, and how far back it looks. */
export function checkRule(path: Path, rule: AskingRule, source: SourceConfig, report: Report): void {
  if (!isAsked(source)) {
    const message = `expected a source of samples; received ${shown(rule.source)}, whose alerts are judged where they come from`;
    report([...path, 'source'], 'value', message);
    return;
  }
  const kind = askedKinds.find((one) => rule.query[one] !== undefined);
  if (kind !== undefined && kind !== source.kind) {
    const message = `expected a query of the kind ${source.kind}, as the source ${rule.source} is; received ${kind}`;
    report([...path, 'query', kind], 'key', message, source.kind);
    return;
  }
  checkKept(path, rule, source, report);
  checkAskedSeldom(path, rule, source, report);
  const buckets = bucketsOf(source);
  if (buckets !== undefined) checkBuckets(path, rule, { kind: source.kind, ...buckets }, report);
  // Only predictions have versions, features and segments.
  if (source.kind === 'predictions') {
    checkBy(path, rule, source, report);
    checkFeatures(path, rule, source, report);
  }
  checkDriftMetric(path, rule, report);
  checkMetric(path, rule, source, report);
  askingKindOf(rule).checkSource(path, rule, source, report);
}

/** Buckets cannot be split: points start and end on bucket bounds, and end with the retention. */
function checkBuckets(path: Path, rule: AskingRule, source: Buckets & { kind: SourceKind }, report: Report): void {
  const { bucket, retain } = source;
  const query = rule.query.predictions ?? rule.query.samples ?? rule.query.otlp;
  const over = query?.over ?? rule.step;
  const times: { path: Path; ms: number; finer?: boolean }[] = [
    { path: [...path, 'step'], ms: rule.step },
    // No new point ends between two buckets, but labels may arrive late, so evaluating more often
    // is fine if it divides evenly.
    { path: [...path, 'every'], ms: rule.every ?? rule.step, finer: true },
    { path: [...path, 'whileActive'], ms: rule.whileActive ?? rule.step, finer: true },
  ];
  if (query?.over !== undefined) times.push({ path: [...path, 'query', source.kind, 'over'], ms: query.over });
  const { recalibrate, after } = rule.query.predictions ?? {};
  if (after !== undefined) times.push({ path: [...path, 'query', source.kind, 'after'], ms: after });
  for (const { path: at, ms, finer } of times) {
    if (at.at(-1) === 'every' && rule.every === undefined) continue;
    if (at.at(-1) === 'whileActive' && rule.whileActive === undefined) continue;
    if (ms % bucket === 0 || (finer === true && bucket % ms === 0)) continue;
    const what = `a multiple of the bucket of ${rule.source}, ${formatDuration(bucket)}`;
    report(at, 'value', `expected ${what}${finer === true ? ', or an even part of it' : ''}; received ${formatDuration(ms)}`);
  }
  const before = rule.query.samples === undefined ? 0 : looksBefore(rule.query.samples, over);
  const needed = rangeNeeded(rule) + over + before + (recalibrate?.window ?? 0) + (after ?? 0);
  if (needed <= retain) return;
  const at = [...path, ...longestSpan(rule, source.kind, over)];
  const message = `expected at most the retention of ${rule.source}, ${formatDuration(retain)}; this rule looks back ${formatDuration(needed)}`;
  report(at, 'value', `${message}; shorten it, or raise retain`);
}

/** The key of the rule that makes it look back furthest. */
function longestSpan(rule: AskingRule, kind: SourceKind, over: number): Path {
  const spans: NamedSpan[] = [
    ...askingKindOf(rule).spans(rule),
    { at: ['query', kind, 'over'], ms: over },
    { at: ['step'], ms: rule.for.n * rule.step },
  ];
  return spans.reduce((longest, one) => (one.ms > longest.ms ? one : longest)).at;
}

/** The metric drift is about profiles. Rules that judge points cannot use it. */
function checkDriftMetric(path: Path, rule: AskingRule, report: Report): void {
  if (judgesProfiles(rule) || rule.query.predictions?.metric !== 'drift') return;
  const message = 'the metric drift is judged by `drift`; add it in place of the other kind, or ask for another metric';
  report([...path, 'query', 'predictions', 'metric'], 'value', message);
}

function checkFeatures(path: Path, rule: AskingRule, source: PredictionsSourceConfig, report: Report): void {
  const query = rule.query.predictions;
  if (query === undefined) return;
  checkLabels(path, query, report);
  checkSpread(path, rule, source, report);
  checkDelay(path, rule, source, report);
  const ofFeatures = featureMetrics.some((metric) => metric === query.metric);
  if (ofFeatures && query.metric !== 'null_rate' && source.schema === undefined) {
    const message = `${query.metric} needs declared features; add \`schema\` to the source ${rule.source}`;
    report([...path, 'query', 'predictions', 'metric'], 'value', message);
    return;
  }
  const declarations = Object.values(source.schema ?? {});
  if (ofFeatures && query.features === undefined && declarations.every((one) => neverFaulty(query.metric, one) !== undefined)) {
    const [why] = declarations.map((one) => neverFaulty(query.metric, one));
    if (why !== undefined) {
      const message = `${query.metric} can count nothing, for no feature of ${rule.source} is declared so that it could: the first is ${why}`;
      report([...path, 'query', 'predictions', 'metric'], 'value', message);
    }
  }
  if (query.recalibrate !== undefined && !query.metric.startsWith('estimated_')) {
    const message = `only estimated metrics use scores; received the metric ${query.metric}; remove this key`;
    report([...path, 'query', 'predictions', 'recalibrate'], 'key', message);
  }
  if (query.features === undefined || query.metric === 'drift') return;
  const at = [...path, 'query', 'predictions', 'features'];
  if (query.metric === 'feature') return;
  if (!ofFeatures) {
    report(
      at,
      'key',
      `only ${featureMetrics.join(', ')} and feature are per feature; received the metric ${query.metric}; remove this key`,
    );
    return;
  }
  const declared = Object.keys(source.schema ?? {});
  if (query.metric === 'null_rate' && source.features === undefined) return;
  const known = query.metric === 'null_rate' ? [...(source.features ?? []), ...declared] : declared;
  for (const [index, feature] of query.features.entries()) {
    if (!known.includes(feature)) {
      const message = `expected a feature of ${rule.source}; received ${shown(feature)}`;
      report([...at, index], 'value', message, nearest(feature, known));
      continue;
    }
    const declared = declarationOf(feature, source);
    const why = declared === undefined ? undefined : neverFaulty(query.metric, declared);
    if (why !== undefined)
      report([...at, index], 'value', `${query.metric} of ${feature} is always 0, for it is ${why}; remove it`);
  }
}

/**
 * Why no value of a feature can have the fault that a metric counts, by its declaration; undefined
 * if one can.
 */
function neverFaulty(metric: string, { type, min, max, values }: FeatureSchema): string | undefined {
  if (metric === 'out_of_range_rate' && min === undefined && max === undefined)
    return type === 'number' || type === 'integer' ? 'declared without min and max' : `a ${type}, which has no range`;
  if (metric === 'unseen_rate' && values === undefined)
    return type === 'category' ? 'a category declared without its values' : `a ${type}, which has no categories`;
  if (metric === 'type_error_rate' && type === 'category') return 'a category, for which any value has the type';
  return undefined;
}

/** A later label finds no prediction any more. */
function checkDelay(path: Path, rule: AskingRule, { labelWait }: PredictionsSourceConfig, report: Report): void {
  if (rule.query.predictions?.metric !== 'label_delay' || rule.kind !== 'threshold' || rule.range?.max !== undefined) return;
  for (const band of severities) {
    const bound = rule.threshold.above?.[band];
    if (bound === undefined || bound < labelWait / 1000) continue;
    const message = `expected less than labelWait of ${rule.source}, ${formatDuration(labelWait)} (${labelWait / 1000} seconds): a label that comes later finds no prediction and counts as unmatched, so ${band} can hardly fire; raise labelWait, or, where labels bring their predictions or predictions are sent late, say \`range: { max: ... }\``;
    report([...path, 'threshold', 'above', band], 'value', message);
  }
}

/**
 * Labels need time to come, and by the time at which they came they belong to no version or
 * segment.
 */
function checkLabels(path: Path, query: NonNullable<AskingRule['query']['predictions']>, report: Report): void {
  const { metric, after, by, version } = query;
  const at = [...path, 'query', 'predictions'];
  if (metric === 'label_coverage' && after === undefined) {
    const message =
      'label_coverage needs `after`, the time within which labels should come, such as 2d; without it the newest predictions, whose labels are still to come, would count as uncovered';
    report([...at, 'metric'], 'value', message);
  }
  if (metric !== 'label_coverage' && after !== undefined)
    report([...at, 'after'], 'key', `only label_coverage waits for labels; received the metric ${metric}; remove this key`);
  if (!labelArrivalMetrics.some((one) => one === metric)) return;
  for (const key of ['by', 'version'] as const) {
    if (key === 'by' ? by.length === 0 : version === undefined) continue;
    report([...at, key], 'key', `${metric} is one series for the whole model; remove this key, or ask for label_coverage`);
  }
}

/**
 * The numbers of predictions themselves need a word for what is asked of them, and other metrics
 * take none.
 */
function checkSpread(path: Path, rule: AskingRule, source: PredictionsSourceConfig, report: Report): void {
  const { metric, statistic, share } = rule.query.predictions ?? {};
  const at = [...path, 'query', 'predictions'];
  const isSpread = spreadMetrics.some((one) => one === metric);
  if (isSpread && statistic === undefined && share === undefined)
    report([...at, 'metric'], 'value', `${metric} needs \`statistic\`, such as p95, or \`share\`, such as { above: 0.9 }`);
  if (statistic !== undefined && share !== undefined)
    report([...at, 'statistic'], 'key', 'expected either `share` or `statistic`; received both; remove one of them');
  for (const [key, value] of Object.entries({ statistic, share }))
    if (value !== undefined && !isSpread)
      report(
        [...at, key],
        'key',
        `only ${spreadMetrics.slice(0, -1).join(', ')} and ${spreadMetrics.at(-1)} are asked for so; received the metric ${metric}; remove this key`,
      );
  if (isSpread && rule.kind === 'degradation' && 'training' in rule.degradation.baseline)
    report(
      [...at, 'metric'],
      'value',
      `a training keeps no percentiles to compare those of ${metric} with; take another baseline, or the metric drift`,
    );
  if (metric === 'feature') checkNumericFeatures(at, rule, source, report);
  if (metric === 'prediction' && source.predicts !== 'numbers')
    report(
      [...at, 'metric'],
      'value',
      `the predictions of ${rule.source} are numbers only if it says so; add \`predicts: numbers\` to the source, or take positive_rate`,
    );
}

/**
 * Only what is declared as a number is known to be one, so that it can be told whether all values
 * are known.
 */
function checkNumericFeatures(
  at: Path,
  { source: name, query }: AskingRule,
  source: PredictionsSourceConfig,
  report: Report,
): void {
  const { features = [] } = query.predictions ?? {};
  const numbers = Object.entries(source.schema ?? {}).flatMap(([feature, { type }]) =>
    type === 'number' || type === 'integer' ? [feature] : [],
  );
  if (features.length === 0)
    report([...at, 'metric'], 'value', 'feature needs `features`, the names of those that are asked for, such as [amount]');
  for (const [index, feature] of features.entries()) {
    if (numbers.includes(feature)) continue;
    const message = `expected a feature that the schema of ${name} declares as a number or an integer; received ${shown(feature)}; add it there, as \`schema: { ${feature}: { type: number } }\``;
    report([...at, 'features', index], 'value', message, nearest(feature, numbers));
  }
}

/** Whether an outside source keeps points at the rule's step for as long as the rule looks back. */
function checkKept(path: Path, rule: AskingRule, source: SourceConfig, report: Report): void {
  const kind = sourceKindOf(source);
  const fault = kind?.stepFault(rule.step);
  if (fault !== undefined) {
    report([...path, 'step'], 'value', `${fault}; received ${formatDuration(rule.step)}`);
    return;
  }
  const kept = kind?.keeps(rule.step);
  const needed = rangeNeeded(rule) + sourceLag(source);
  if (kept === undefined || needed <= kept.ms) return;
  const at = [...path, ...longestSpan(rule, source.kind, 0)];
  const message = `${kept.by} keeps points of ${formatDuration(rule.step)} for ${formatDuration(kept.ms)}; this rule looks back ${formatDuration(needed)}`;
  report(at, 'value', `${message}; shorten it, or use a longer step`);
}
