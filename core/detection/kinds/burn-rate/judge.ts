import { normalQuantile } from '../../../statistics/normal.ts';
import { wilsonInterval } from '../../../statistics/wilson.ts';
import type { Point } from '../../../telemetry/series.ts';
import { formatBound, formatValue } from '../../../vocabulary/format.ts';
import { formatDuration } from '../../../vocabulary/units.ts';
import type { JudgeContext } from '../../context.ts';
import { levelOf, levelOfConfidence, type Testing } from '../../evidence/level.ts';
import { type PointTest, scoreTail } from '../../evidence/point-test.ts';
import { metricName } from '../../points/metric-name.ts';
import { cleanPoints } from '../../points/points.ts';
import { formatConfidence } from '../../points/reasons.ts';
import type { RuleOf } from '../../rules/rule-schema.ts';
import type { Verdict } from '../../verdict.ts';
import type { BurnRateConfig } from './schema.ts';

type BurnRateRule = RuleOf<'burnRate'>;
type Window = BurnRateConfig['windows'][number];

/** Errors in a span: their share, the samples behind it if known, and the number of points. */
type Errors = { ratio: number; count: number | undefined; points: number };

/**
 * Judges by the burn rate of the error budget: the share of errors in a window, divided by the
 * share the objective allows. A window pair breaches if both burn at least at its `burn`: the long
 * one shows that it matters, the short one that it continues. The breaching pair with the highest
 * severity wins. Source: Google, The Site Reliability Workbook (2018), chapter 5, "Multiwindow,
 * Multi-Burn-Rate Alerts", table 5-8.
 *
 * Points are weighted by their counts; if one has none, all count equally. They must not overlap.
 * `samples.minCount` and the Wilson interval of `samples.confidence` apply to the long window. A
 * pair with an empty short window does not breach; an alert in its band is held, unless `noData` is
 * `ok`.
 */
export function judgeBurnRate(rule: BurnRateRule, points: readonly Point[], context: JudgeContext): Verdict {
  const { burnRate: config } = rule;
  const { now, to, current } = context;
  const metric = metricName(rule.query);
  const real = cleanPoints(points);
  const longest = Math.max(...config.windows.map(({ long }) => long));
  if (errorsOver(real, to, longest, config.ratio) === undefined) {
    const reason = `no data: ${metric} has no point in the last ${formatDuration(longest)}`;
    return { status: 'no data', at: now, reason, judged: false };
  }
  const { breach, worst, unknown, small } = burnsOf(rule, real, context);
  const shown = breach ?? worst;
  const status = breach?.window.severity ?? (small === undefined ? 'ok' : 'insufficient evidence');
  const latest = real.findLast(({ at }) => at <= to) as Point;
  const verdict: Verdict = {
    status,
    at: now,
    reason: '',
    point: shown === undefined ? undefined : { at: latest.at, value: shown.long.ratio, ...countOf(shown.long) },
    bound: shown === undefined ? undefined : shown.window.burn * (1 - config.objective),
    breaching: breach === undefined ? 0 : 1,
    looked: 1,
    judged: true,
  };
  const held = current !== undefined && status !== 'critical' && status !== current ? (unknown ?? small) : undefined;
  if (held !== undefined) {
    const tells = status === 'warn' && { tells: { warn: true } };
    return { ...verdict, status: 'insufficient evidence', judged: false, reason: `held at ${current}: ${held}`, ...tells };
  }
  verdict.reason =
    reasonOf(metric, config, shown, breach !== undefined) + (breach === undefined && small !== undefined ? `; ${small}` : '');
  return verdict;
}

/** The burn rate of one window pair, over its long window. */
type Burn = { window: Window; long: Errors; burn: number };

type Burns = {
  /** The breaching pair with the highest severity. */
  breach: Burn | undefined;
  /** The pair closest to, or furthest past, its bound. */
  worst: Burn | undefined;
  /** For the alert's current band: why it cannot be judged. */
  unknown: string | undefined;
  /** Why a pair that burns fast enough still does not breach. */
  small: string | undefined;
};

function burnsOf(rule: BurnRateRule, points: readonly Point[], context: JudgeContext): Burns {
  const { to, current } = context;
  const { objective, ratio, windows } = rule.burnRate;
  const budget = 1 - objective;
  const found: Burns = { breach: undefined, worst: undefined, unknown: undefined, small: undefined };
  for (const window of windows) {
    const long = errorsOver(points, to, window.long, ratio);
    const short = errorsOver(points, to, window.short, ratio);
    const held = current === 'critical' || current === window.severity;
    if ((long === undefined || short === undefined) && held && rule.noData !== 'ok') {
      const empty = long === undefined ? window.long : window.short;
      found.unknown = `${metricName(rule.query)} has no point in the last ${formatDuration(empty)}`;
    }
    if (long === undefined) continue;
    const one: Burn = { window, long, burn: long.ratio / budget };
    if (found.worst === undefined || one.burn / window.burn > found.worst.burn / found.worst.window.burn) found.worst = one;
    const wanted = window.burn * budget * (held ? rule.recover : 1);
    const least = wanted * (1 - rounding);
    if (short === undefined || long.ratio < least || short.ratio < least) continue;
    const small = tooSmall(rule, one, wanted, held, context);
    if (small !== undefined) found.small = small;
    else if (found.breach === undefined || (window.severity === 'critical' && found.breach.window.severity === 'warn'))
      found.breach = one;
  }
  return found;
}

/** Why the long window has too few samples for a breach; undefined if it has enough. */
function tooSmall(
  rule: BurnRateRule,
  { window, long: { ratio, count } }: Burn,
  wanted: number,
  held: boolean,
  { to, levels }: JudgeContext,
): string | undefined {
  const { minCount, confidence } = rule.samples;
  if (count === undefined) return undefined;
  if (count < minCount) return `too few samples: ${formatDuration(window.long)} hold ${count} of at least ${minCount} (minCount)`;
  const isTested = confidence !== undefined || rule.falseAlarms !== undefined;
  if (held || !isTested || !isRatio(ratio)) return undefined;
  const z = levels?.(to)[window.severity].z ?? -normalQuantile(levelOf(testingOf(rule), 1));
  const { low } = wilsonInterval(ratio, count, z);
  if (low >= wanted) return undefined;
  return `not significant: ${count} samples in ${formatDuration(window.long)}, the Wilson ${formatConfidence(z)} interval from ${formatValue(low, wanted)} still covers the bound ${formatBound(wanted, low)}`;
}

/**
 * The tests of this judgement: for each window pair the alert is not in, whether the long window
 * burns fast enough.
 */
export function burnRateTests(rule: BurnRateRule, points: readonly Point[], context: JudgeContext): PointTest[] {
  const { burnRate: config } = rule;
  const { to, current } = context;
  const real = cleanPoints(points);
  const budget = 1 - config.objective;
  return config.windows.flatMap(({ long: span, burn, severity }) => {
    if (current === 'critical' || current === severity) return [];
    const long = errorsOver(real, to, span, config.ratio);
    if (long?.count === undefined || long.count < Math.max(1, rule.samples.minCount) || !isRatio(long.ratio)) return [];
    return [{ at: to, band: severity, pValue: scoreTail(long.ratio, burn * budget, long.count, 1) }];
  });
}

/** Each window pair is tested at each step; tests overlap over the shortest long window. */
export const testingOf = ({ burnRate: { windows }, samples, falseAlarms, step }: BurnRateRule): Testing => ({
  most: levelOfConfidence(samples.confidence),
  falseAlarms,
  step,
  questions: windows.length,
  timing: { spans: Math.min(...windows.map(({ long }) => long)) / step, m: 1, n: 1 },
  of: 'tests',
});

/**
 * Tolerance for rounding in sums of ratios; relative, so that no errors never burn a tiny budget.
 */
const rounding = 1e-9;

const isRatio = (ratio: number): boolean => ratio >= 0 && ratio <= 1;
const countOf = ({ count }: Errors): { count?: number } => (count === undefined ? {} : { count });

function errorsOver(points: readonly Point[], to: number, span: number, ratio: 'error' | 'good'): Errors | undefined {
  let sum = 0;
  let weighted = 0;
  let count: number | undefined = 0;
  let found = 0;
  for (let i = points.length - 1; i >= 0; i -= 1) {
    const point = points[i] as Point;
    if (point.at > to) continue;
    if (point.at <= to - span) break;
    if (point.refused !== undefined) continue;
    const errors = ratio === 'good' ? 1 - point.value : point.value;
    found += 1;
    sum += errors;
    if (point.count === undefined) count = undefined;
    else if (count !== undefined) {
      count += point.count;
      weighted += errors * point.count;
    }
  }
  if (found === 0 || count === 0) return undefined;
  const mean = count === undefined ? sum / found : weighted / count;
  // Sums of huge values overflow; real ratios are far smaller.
  return Number.isFinite(mean) ? { ratio: mean, count, points: found } : undefined;
}

function reasonOf(metric: string, config: BurnRateConfig, shown: Burn | undefined, breaches: boolean): string {
  if (shown === undefined) return `${metric} has too few points to tell how fast the error budget burns`;
  const { window, long, burn } = shown;
  const errors = `${formatShare(long.ratio)} of errors in ${formatDuration(window.long)}`;
  const speed = `burn the error budget of ${formatShare(1 - config.objective)} ${formatValue(burn, window.burn)} times as fast as it allows`;
  const pair = `${window.severity} from ${formatBound(window.burn)} over ${formatDuration(window.long)} and ${formatDuration(window.short)}`;
  return breaches
    ? `${metric}: ${errors} ${speed} (${pair})`
    : `${metric}: ${errors}, ${formatValue(burn, window.burn)} times the error budget (${pair})`;
}

/** Error budgets are often far below 0.1 %. */
export const formatShare = (ratio: number): string => {
  const short = Number((100 * ratio).toPrecision(3));
  return `${short === 100 ? formatValue(100 * ratio, 100) : formatValue(short)}%`;
};
