import { metricName } from '../detection/points/metric-name.ts';
import { countsRecords } from '../detection/rules/counts-records.ts';
import { rangeOf } from '../detection/rules/range.ts';
import { type AskingRule, judgesProfiles } from '../detection/rules/rule-schema.ts';
import { isProportion, meaninglessBy } from '../telemetry/metric-meaning.ts';
import { classesOf } from '../telemetry/samples/classes.ts';
import { canonicalOutcome } from '../telemetry/samples/outcome.ts';
import type { OtlpQuery } from '../telemetry/sources/kinds/otlp-query.ts';
import type { PredictionsSourceConfig } from '../telemetry/sources/kinds/predictions.ts';
import type { SamplesQuery } from '../telemetry/sources/kinds/samples.ts';
import type { SourceConfig } from '../telemetry/sources/source.ts';
import { nearest } from '../vocabulary/nearest.ts';
import type { Path, Report } from '../vocabulary/report.ts';
import { shown } from '../vocabulary/shown.ts';
import type { Config } from './schema.ts';

/** Declared classes are apart, and the positive one is one of them. */
export function checkOutcomes({ sources }: Pick<Config, 'sources'>, report: Report): void {
  for (const [name, source] of Object.entries(sources)) {
    if (source.kind !== 'predictions') continue;
    checkClasses(name, source, report);
    if (source.columns?.value !== undefined && source.value === undefined)
      report(
        ['sources', name, 'columns', 'value'],
        'key',
        'expected `value` of the source beside it, such as `value: { unit: EUR }`, which says what the column holds; add it, or remove this key',
      );
    if (source.positive === undefined) continue;
    const at = ['sources', name, 'positive'];
    if (source.predicts === 'numbers') {
      report(
        at,
        'key',
        'expected no positive class: this source predicts numbers; remove this key, or list the classes as `predicts`',
      );
      continue;
    }
    const classes = classesOf(source);
    const positive = canonicalOutcome(source.positive);
    if (classes === undefined || classes.includes(positive)) continue;
    report(
      at,
      'value',
      `expected one of the classes that ${name} predicts; received ${shown(source.positive)}`,
      nearest(positive, classes),
    );
  }
}

/** Two spellings of one class would leave a model with fewer classes than it seems to have. */
function checkClasses(name: string, { predicts }: PredictionsSourceConfig, report: Report): void {
  if (!Array.isArray(predicts)) return;
  const before = new Map<string, string | boolean>();
  for (const [index, one] of predicts.entries()) {
    const canonical = canonicalOutcome(one);
    const same = before.get(canonical);
    if (same === undefined) before.set(canonical, one);
    else
      report(
        ['sources', name, 'predicts', index],
        'value',
        `expected each class once; received ${shown(one)}, which counts as the same class as ${shown(same)}; remove one of them`,
      );
  }
}

/**
 * Whether a rule's metric means something for its source, and whether its tests and guards do for
 * the metric.
 */
export function checkMetric(path: Path, rule: AskingRule, source: SourceConfig, report: Report): void {
  const query = rule.query.predictions;
  if (query !== undefined && source.kind === 'predictions') {
    const message = meaninglessBy(query.metric, rule.source, source);
    if (message !== undefined) report([...path, 'query', 'predictions', 'metric'], 'value', message);
  }
  if (judgesProfiles(rule)) return;
  checkProportion(path, rule, source, report);
  checkCounts(path, rule, report);
  if (rule.kind === 'burnRate') checkErrors(path, rule, report);
}

/** Why the metric of a rule is no proportion of counted samples; undefined if it may be one. */
function noProportion(rule: AskingRule, source: SourceConfig): string | undefined {
  const { predictions, samples, otlp, cloudwatch } = rule.query;
  const metric = metricName(rule.query);
  const outside = cloudwatch ?? rule.query.prometheus ?? rule.query.sql ?? rule.query.datadog;
  const such = 'take a share such as accuracy or an error rate';
  if (predictions !== undefined) {
    if (predictions.share !== undefined) return undefined;
    if (!isProportion(predictions.metric)) return `${metric} is not one`;
    const isScore = predictions.metric === 'score_mean' && source.kind === 'predictions' && source.score === 'number';
    return isScore ? 'the scores of this source may be any number' : undefined;
  }
  if (samples !== undefined) {
    const why = noProportionOfSamples(samples);
    if (why !== undefined) return why;
  }
  if (otlp !== undefined && !mayBeShare(otlp)) return `the ${otlp.statistic} of a metric is not one; ${such}`;
  const { min, max } = rule.range ?? {};
  if ((min !== undefined && (min < 0 || min > 1)) || (max !== undefined && (max > 1 || max < 0)))
    return `${metric} has values outside 0 to 1, as \`range\` says; ${such}`;
  if (outside === undefined) return undefined;
  if (outside.count === undefined) return `${metric} comes without its number of samples; add \`count\` to the query`;
  const statistic = cloudwatch?.metric?.statistic;
  return statistic === undefined || statistic === 'Average' ? undefined : `the statistic ${statistic} is not one; take Average`;
}

const mayBeShare = ({ statistic }: OtlpQuery): boolean => statistic === 'mean' || statistic === 'share';

function noProportionOfSamples({ statistic, ratio }: SamplesQuery): string | undefined {
  if (statistic === 'mean' || statistic === 'share' || ratio?.proportion === true) return undefined;
  return ratio === undefined
    ? `the ${statistic} of samples is not one; send 1 and 0 and ask for the mean, or ask for a \`share\``
    : 'a ratio is one only if what `of` counts is part of what `over` counts; if so, add `proportion: true` to it';
}

function checkProportion(path: Path, rule: AskingRule, source: SourceConfig, report: Report): void {
  const { confidence } = rule.samples;
  if (confidence === undefined && rule.falseAlarms === undefined) return;
  const why = noProportion(rule, source);
  if (why === undefined) return;
  const say = (what: string, at: Path): void =>
    report([...path, ...at], 'key', `${what} needs a proportion, such as accuracy or recall; ${why}; or remove this key`);
  if (rule.falseAlarms !== undefined) say('falseAlarms', ['falseAlarms']);
  if (confidence !== undefined) say('a confidence', ['samples', 'confidence']);
}

/** A guard against few samples works only where samples are counted beside the value. */
function checkCounts(path: Path, rule: AskingRule, report: Report): void {
  if (rule.samples.minCount === 0) return;
  const { predictions, samples, otlp, cloudwatch } = rule.query;
  const outside = cloudwatch ?? rule.query.prometheus ?? rule.query.sql ?? rule.query.datadog;
  const isAge = predictions?.metric === 'freshness' || samples?.statistic === 'age';
  const metric = metricName(rule.query);
  const why = countsRecords(rule)
    ? `${metric} is itself a count, and a small one is what the rule is about: below minCount it would never be judged`
    : isAge
      ? 'an age rests on no samples, so this has no effect'
      : samples?.ratio?.proportion === false
        ? `a ratio comes without its number of samples, so this has no effect; add \`proportion: true\` to it if what \`of\` counts is part of what \`over\` counts`
        : otlp !== undefined && (otlp.statistic === 'rate' || otlp.statistic === 'count')
          ? `the ${otlp.statistic} of ${metric} is itself about how many there were; below minCount it would never be judged`
          : outside !== undefined && outside.count === undefined
            ? `${metric} comes without its number of samples, so this has no effect; add \`count\` to the query`
            : undefined;
  if (why !== undefined) report([...path, 'samples', 'minCount'], 'key', `${why}; remove this key`);
}

/** Metrics that are shares of good events, and of bad ones. */
const good: readonly string[] = [
  'accuracy',
  'precision',
  'recall',
  'estimated_accuracy',
  'estimated_precision',
  'estimated_recall',
  'label_coverage',
];
/** From 0 to 1, but no share of events. */
const noShares: readonly string[] = ['f1', 'estimated_f1', 'auc', 'brier'];
const bad: readonly string[] = [
  'unmatched_label_rate',
  'corrected_label_rate',
  'null_rate',
  'out_of_range_rate',
  'unseen_rate',
  'type_error_rate',
  'duplicate_rate',
];

/** A burn rate is about a share of events, and it has to be said of which. */
function checkErrors(path: Path, rule: Extract<AskingRule, { kind: 'burnRate' }>, report: Report): void {
  const { predictions, samples, otlp } = rule.query;
  const { min, max } = rangeOf(rule);
  const say = (at: Path, what: string): void =>
    report([...path, 'query', ...at], 'value', `a burn rate needs a share of errors, or of good events; ${what} is not one`);
  if (predictions !== undefined && (!(min === 0 && max === 1) || noShares.includes(predictions.metric)))
    say(['predictions', 'metric'], predictions.metric);
  else if (samples !== undefined && noProportionOfSamples(samples) !== undefined)
    say(['samples', 'statistic'], `the ${samples.statistic} of samples`);
  else if (otlp !== undefined && !mayBeShare(otlp)) say(['otlp', 'statistic'], `the ${otlp.statistic} of a metric`);
  else checkRatio(path, rule, predictions?.metric ?? '', report);
}

function checkRatio(path: Path, rule: Extract<AskingRule, { kind: 'burnRate' }>, metric: string, report: Report): void {
  const { ratio } = rule.burnRate;
  if (ratio === 'error' && good.includes(metric))
    report([...path, 'burnRate', 'ratio'], 'value', `${metric} is a share of good events; set \`ratio: good\``);
  if (ratio === 'good' && bad.includes(metric))
    report([...path, 'burnRate', 'ratio'], 'value', `${metric} is a share of errors; remove \`ratio\``);
}
