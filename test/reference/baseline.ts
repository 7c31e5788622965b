import type { Rule } from '../../core/config/schema.ts';
import { alertSpans, type Evaluation, runsOf } from './evaluation.ts';
import type { StoryPoint } from './story.ts';
import type { Window } from './window.ts';

/**
 * What normal is for a point, undefined where its baseline is refused; how old it is matters no more once it is `frozen`. `spread`
 * only of a season.
 */
export type Normal = { valueFor: ValueFor; frozen: (reliable: readonly StoryPoint[]) => ValueFor };
type ValueFor = (point: { at: number }) => Reference | undefined;
export type Reference = { value: number; spread: number };
export type Baseline = { normal: Normal; isOwn: boolean } | { refused: string };

const day = 86_400_000;

/** Points that any baseline may rest on, but for those of alerts. */
const reliablePoints = ({ samples }: Rule, known: readonly StoryPoint[]): StoryPoint[] =>
  known.filter(({ count = samples.minCount }) => count >= samples.minCount);

/**
 * The baseline that an evaluation compares with: of an alert that fires the one that it began with. Otherwise what the series was
 * like before; and where the points of an alert leave too little of that, still the one of the alert, until the window lies past
 * these points and holds enough others; of a series that never has them, for a day or twice as long as the baseline looks back.
 */
export function baselineOf(rule: Rule, known: readonly StoryPoint[], window: Window, history: readonly Evaluation[]): Baseline {
  const reliable = reliablePoints(rule, known);
  const runs = runsOf(history);
  const firing = history.at(-1)?.severity === undefined ? undefined : runs.at(-1);
  const begunWith = firing?.during.find(hasNormal)?.normal;
  if (begunWith !== undefined) return frozen(begunWith, reliable);
  const spans = alertSpans(history);
  const isClean = ({ at }: StoryPoint): boolean =>
    !spans.some(({ from = Number.POSITIVE_INFINITY, to }) => at >= from && at <= to);
  const computed = computedBaseline(rule, reliable, isClean, window);
  const ends = spans.map((span) => (span.from === undefined ? 0 : span.to));
  if ('normal' in computed) return { ...computed, isOwn: reachOf(rule, window) > Math.max(0, ...ends) };
  const last = runs.findLast(({ during }) => during.some(hasNormal));
  const pinned = last?.during.find(hasNormal)?.normal;
  const since = history.slice(history.indexOf(last?.during.at(-1) as Evaluation) + 1);
  // It is dropped by the evaluation that finds it too old, after having stood in once more.
  const isOver = (last?.ended?.now ?? 0) < (history.at(-1)?.now ?? 0) - Math.max(day, 2 * (window.to - reachOf(rule, window)));
  const isForgotten = isOver || since.some(({ isOwn, state }) => isOwn && state === 'ok');
  return !computed.mayStandIn || pinned === undefined || isForgotten ? computed : frozen(pinned, reliable);
}

const frozen = (normal: Normal, reliable: readonly StoryPoint[]): Baseline => ({
  normal: { ...normal, valueFor: normal.frozen(reliable) },
  isOwn: false,
});
const hasNormal = ({ normal }: Evaluation): boolean => normal !== undefined;

/** Where the window of a baseline begins at this evaluation. */
function reachOf({ degradation }: Rule, { from }: Window): number {
  const { rolling, seasonal } = degradation?.baseline ?? {};
  return from - (rolling?.window ?? 0) - (seasonal === undefined ? 0 : (seasonal.periods + 1) * day);
}

/** `mayStandIn`: it is refused for want of the points of alerts, so that of an alert stands in. */
function computedBaseline(
  rule: Rule,
  reliable: readonly StoryPoint[],
  isClean: (point: StoryPoint) => boolean,
  window: Window,
): { normal: Normal } | { refused: string; mayStandIn: boolean } {
  const { fixed, rolling, seasonal } = rule.degradation?.baseline ?? {};
  const first = window.from;
  if (fixed !== undefined) {
    return { normal: always(fixed) };
  }
  if (rolling !== undefined) {
    const from = first - rolling.window;
    const isBefore = ({ at }: StoryPoint): boolean => at >= from && at < first;
    const before = reliable.filter((point) => isBefore(point) && isClean(point));
    if (before.length < rolling.minPoints) return { refused: `${before.length} points before`, mayStandIn: true };
    if (isStale(rolling.maxAge, before, first))
      return { refused: 'stale', mayStandIn: !isStale(rolling.maxAge, reliable.filter(isBefore), first) };
    const values = before.map(({ value }) => value);
    const value = rolling.statistic === 'median' ? median(values) : mean(values);
    if (value === 0) return { refused: 'zero', mayStandIn: false };
    return { normal: always(value) };
  }
  if (seasonal === undefined) throw new Error('expected a fixed, a rolling or a seasonal baseline');
  const { periods, minPeriods, slot } = seasonal;
  // A point at the end of a slot lies within it.
  const slotOf = (at: number): number => Math.floor((at - 1) / slot);
  const dayOf = (at: number): number => Math.floor((at - 1) / day);
  const clean = reliable.filter(isClean);
  const sameTime = (at: number, points: readonly StoryPoint[] = clean): StoryPoint[] =>
    points.filter(
      (other) =>
        other.at < first &&
        (slotOf(at) - slotOf(other.at)) % (day / slot) === 0 &&
        dayOf(other.at) < dayOf(at) &&
        dayOf(other.at) >= dayOf(at) - periods,
    );
  const byNow =
    (points: readonly StoryPoint[]): ValueFor =>
    ({ at }) => {
      // Of a frozen baseline every later day is compared as the first 24 hours after it was frozen are.
      const daysSince = Math.max(0, Math.floor((at - first) / day));
      const same = sameTime(at - daysSince * day, points);
      if (new Set(same.map((other) => dayOf(other.at))).size < minPeriods) return undefined;
      const values = same.map(({ value }) => value);
      const value = median(values);
      return value === 0 ? undefined : { value, spread: spreadOf(values) };
    };
  const valueFor: ValueFor = (point) => (isStale(seasonal.maxAge, sameTime(point.at), first) ? undefined : byNow(clean)(point));
  const latest = { at: window.points.at(-1)?.at ?? window.to };
  if (valueFor(latest) !== undefined) {
    return { normal: { valueFor, frozen: (now) => byNow(now.filter(isClean)) } };
  }
  const isFewOfAll = new Set(sameTime(latest.at).map(({ at }) => dayOf(at))).size < minPeriods;
  const isOldOfAll = isStale(seasonal.maxAge, sameTime(latest.at, reliable), first);
  return {
    refused: 'nothing is known of this time',
    mayStandIn: isFewOfAll || (byNow(clean)(latest) !== undefined && !isOldOfAll),
  };
}

function always(value: number): Normal {
  const valueFor: ValueFor = () => ({ value, spread: 0 });
  return { valueFor, frozen: () => valueFor };
}

/** The newest point that a baseline rests on may be so much older than the judged span. */
function isStale(maxAge: number | undefined, points: readonly StoryPoint[], first: number): boolean {
  return maxAge !== undefined && first - (points.at(-1)?.at ?? 0) > maxAge;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return mean(sorted.slice(Math.ceil(half) - 1, Math.floor(half) + 1));
}

/** Croux and Rousseeuw (1992): the median absolute deviation, scaled to a standard deviation and corrected for few values. */
const corrections = [1.196, 1.495, 1.363, 1.206, 1.2, 1.14, 1.129, 1.107];

function spreadOf(values: readonly number[]): number {
  const middle = median(values);
  const n = values.length;
  const correction = n < 2 ? 1 : (corrections[n - 2] ?? n / (n - 0.8));
  return 1.4826 * correction * median(values.map((value) => Math.abs(value - middle)));
}
