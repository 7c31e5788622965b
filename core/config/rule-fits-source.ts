import { rangeNeeded } from '../rules/judge.ts';
import type { Path, Report } from './config-error.ts';
import { nearest } from './nearest.ts';
import type { CloudwatchSourceConfig, PredictionsSourceConfig, Rule, SamplesSourceConfig, SourceConfig } from './schema.ts';
import { shown } from './shown.ts';
import { formatDuration, parseDuration } from './units.ts';

/** Whether the source of a rule can answer it: the kind of its query, its times, and how far back it looks. */
export function checkRule(path: Path, rule: Rule, source: SourceConfig, report: Report): void {
  const kind = (['predictions', 'samples', 'cloudwatch'] as const).find((one) => rule.query[one] !== undefined);
  if (kind !== undefined && kind !== source.kind) {
    const message = `expected a query of the kind ${source.kind}, as the source ${rule.source} is; received ${kind}`;
    report([...path, 'query', kind], 'key', message, source.kind);
    return;
  }
  checkBaselineWindow(path, rule, report);
  if (source.kind === 'cloudwatch') checkCloudwatch(path, rule, source, report);
  else checkBuckets(path, rule, source, report);
  if (source.kind === 'predictions') checkFeatures(path, rule, source, report);
}

function checkBaselineWindow(path: Path, rule: Rule, report: Report): void {
  const rolling = rule.degradation?.baseline.rolling;
  if (rolling === undefined) return;
  const most = Math.floor(rolling.window / rule.step);
  if (most >= rolling.minPoints) return;
  const has = `${formatDuration(rolling.window)} of one point every ${formatDuration(rule.step)} hold at most ${most}`;
  const message = `expected a window with room for minPoints, ${rolling.minPoints}; ${has}; lengthen the window or lower minPoints`;
  report([...path, 'degradation', 'baseline', 'rolling', 'window'], 'value', message);
}

/** Buckets cannot be cut: points begin and end where buckets do, and there is nothing where they are not kept. */
function checkBuckets(path: Path, rule: Rule, source: PredictionsSourceConfig | SamplesSourceConfig, report: Report): void {
  const { bucket, retain } = source;
  const query = rule.query.predictions ?? rule.query.samples;
  const over = query?.over ?? rule.step;
  const times: { path: Path; ms: number; finer?: boolean }[] = [
    { path: [...path, 'step'], ms: rule.step },
    // Between two buckets nothing new ends, but labels may come late: evaluating more often is fine where it is even.
    { path: [...path, 'every'], ms: rule.every ?? rule.step, finer: true },
  ];
  if (query?.over !== undefined) times.push({ path: [...path, 'query', source.kind, 'over'], ms: query.over });
  for (const { path: at, ms, finer } of times) {
    if (at.at(-1) === 'every' && rule.every === undefined) continue;
    if (ms % bucket === 0 || (finer === true && bucket % ms === 0)) continue;
    const what = `a multiple of the bucket of ${rule.source}, ${formatDuration(bucket)}`;
    report(at, 'value', `expected ${what}${finer === true ? ', or an even part of it' : ''}; received ${formatDuration(ms)}`);
  }
  const needed = rangeNeeded(rule) + over;
  if (needed <= retain) return;
  const at = [...path, ...longestSpan(rule, source.kind, over)];
  const message = `expected at most what ${rule.source} retains, ${formatDuration(retain)}; this rule looks ${formatDuration(needed)} back`;
  report(at, 'value', `${message}; shorten it, or raise retain`);
}

/** The key below the rule that makes it look back the furthest. */
function longestSpan(rule: Rule, kind: SourceConfig['kind'], over: number): Path {
  const window = rule.degradation?.baseline.rolling?.window ?? 0;
  const judged = rule.for.n * rule.step;
  if (window >= Math.max(over, judged)) return ['degradation', 'baseline', 'rolling', 'window'];
  return over > judged && kind !== 'cloudwatch' ? ['query', kind, 'over'] : ['step'];
}

function checkFeatures(path: Path, rule: Rule, source: PredictionsSourceConfig, report: Report): void {
  const query = rule.query.predictions;
  if (query?.features === undefined) return;
  const at = [...path, 'query', 'predictions', 'features'];
  if (query.metric !== 'null_rate') {
    report(at, 'key', `only null_rate is about features; received the metric ${query.metric}; remove this key`);
    return;
  }
  const known = source.features;
  if (known === undefined) return;
  for (const [index, feature] of query.features.entries()) {
    if (known.includes(feature)) continue;
    const message = `expected a feature of ${rule.source}; received ${shown(feature)}`;
    report([...at, index], 'value', message, nearest(feature, known));
  }
}

const ms = (text: string): number => parseDuration(text) as number;

/**
 * How long CloudWatch keeps datapoints of a period.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention
 */
const cloudwatchRetention = [
  { below: ms('1m'), kept: ms('3h') },
  { below: ms('5m'), kept: ms('15d') },
  { below: ms('1h'), kept: ms('63d') },
  { below: Number.POSITIVE_INFINITY, kept: ms('455d') },
];

function checkCloudwatch(path: Path, rule: Rule, source: CloudwatchSourceConfig, report: Report): void {
  const seconds = rule.step / 1000;
  if (![1, 5, 10, 30].includes(seconds) && seconds % 60 !== 0) {
    const message = `expected a period of CloudWatch: 1s, 5s, 10s, 30s or a multiple of 1m; received ${formatDuration(rule.step)}`;
    report([...path, 'step'], 'value', message);
    return;
  }
  const kept = cloudwatchRetention.find(({ below }) => rule.step < below)?.kept ?? 0;
  const needed = rangeNeeded(rule) + source.lag;
  if (needed <= kept) return;
  const at = [...path, ...longestSpan(rule, 'cloudwatch', 0)];
  const message = `CloudWatch keeps points of ${formatDuration(rule.step)} for ${formatDuration(kept)}; this rule looks ${formatDuration(needed)} back`;
  report(at, 'value', `${message}; shorten it, or take a longer step`);
}
