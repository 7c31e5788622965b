import type { BaselineOf } from '../../../core/detection/baselines/schema.ts';
import { alertSpans, type Evaluation, runsOf } from './evaluation.ts';
import type { Rule, StoryPoint } from './story.ts';
import type { Window } from './window.ts';

/**
 * What normal is for a point, undefined where its baseline is refused; how old it is matters no
 * more once it is `frozen`. `spread` only of a season.
 */
export type Normal = { valueFor: ValueFor; frozen: (clean: readonly StoryPoint[]) => ValueFor };
type ValueFor = (point: { at: number }) => Reference | undefined;
export type Reference = { value: number; spread: number };
export type Baseline = { normal: Normal; isOwn: boolean } | { refused: string };

const day = 86_400_000;

/** Points that any baseline may rest on, but for those of alerts. */
const reliablePoints = ({ samples }: Rule, known: readonly StoryPoint[]): StoryPoint[] =>
  known.filter(({ count = samples.minCount }) => count >= samples.minCount);

/**
 * The baseline that an evaluation compares with: of an alert that fires the one that it began with.
 * Otherwise what the series was like before; and where the points of an alert leave too little of
 * that, still the one of the alert, until the window lies past these points and holds enough
 * others; of a series that never has them, for a day or twice as long as the baseline looks back.
 */
export function baselineOf(rule: Rule, known: readonly StoryPoint[], window: Window, history: readonly Evaluation[]): Baseline {
  const reliable = reliablePoints(rule, known);
  const runs = runsOf(history);
  const firing = history.at(-1)?.severity === undefined ? undefined : runs.at(-1);
  const spans = alertSpans(history);
  const isClean = ({ at }: StoryPoint): boolean =>
    !spans.some(({ from = Number.POSITIVE_INFINITY, to }) => at >= from && at <= to);
  const begunWith = firing?.during.find(hasNormal)?.normal;
  if (begunWith !== undefined) {
    return { normal: { ...begunWith, valueFor: begunWith.frozen(reliable.filter(isClean)) }, isOwn: false };
  }
  const computed = computedBaseline(rule, reliable, isClean, window);
  const last = runs.findLast(({ during }) => during.some(hasNormal));
  const pinned = last?.during.find(hasNormal)?.normal;
  const since = history.slice(history.indexOf(last?.during.at(-1) as Evaluation) + 1);
  const isForgotten = isTooOld(rule, history) || since.some(({ isOwn, state }) => isOwn && state === 'ok');
  const standIn = isForgotten ? undefined : pinned?.frozen(reliable.filter(isClean));
  const valueFor: ValueFor = (point) => computed.own(point) ?? (computed.mayStandIn(point) ? standIn?.(point) : undefined);
  const latest = { at: window.points.at(-1)?.at ?? window.to };
  if (computed.own(latest) !== undefined) {
    const ends = spans.map((span) => (span.from === undefined ? 0 : span.to));
    return { normal: { valueFor, frozen: computed.frozen }, isOwn: reachOf(rule, window) > Math.max(0, ...ends) };
  }
  if (pinned === undefined || valueFor(latest) === undefined) return { refused: computed.refused };
  return { normal: { valueFor, frozen: pinned.frozen }, isOwn: false };
}

/**
 * Whether the pinned baseline of a series that has had none since is over. It is dropped by the
 * evaluation that finds it too old, after having stood in once more. An alert that is pending keeps
 * it.
 */
function isTooOld(rule: Rule, history: readonly Evaluation[]): boolean {
  const last = history.at(-1);
  const ended = history[history.findLastIndex(({ state }) => state !== 'ok') + 1];
  return last !== undefined && ended !== undefined && last.now - ended.now > Math.max(day, 2 * looksBack(rule));
}

const hasNormal = ({ normal }: Evaluation): boolean => normal !== undefined;

/** How far a baseline looks back from the judged points. */
function looksBack(rule: Rule): number {
  if (rule.kind === 'threshold') return 0;
  const { baseline } = rule.degradation;
  if (baseline.kind === 'rolling') return baseline.window;
  return baseline.kind === 'seasonal' ? baseline.periods * day + 2 * baseline.slot : 0;
}

/** Where the window of a baseline begins at this evaluation. */
const reachOf = (rule: Rule, { from }: Window): number => from - looksBack(rule);

/**
 * What the points before say by themselves, and `refused` why they say nothing. `mayStandIn`: they
 * say nothing for want of the points of alerts, so that the baseline of an alert stands in.
 */
type Computed = { own: ValueFor; frozen: Normal['frozen']; mayStandIn: (point: { at: number }) => boolean; refused: string };

const always = (value: number): Computed => {
  const own: ValueFor = () => ({ value, spread: 0 });
  return { own, frozen: () => own, mayStandIn: () => false, refused: '' };
};

const refusal = (refused: string, mayStandIn: boolean): Computed => {
  const own: ValueFor = () => undefined;
  return { own, frozen: () => own, mayStandIn: () => mayStandIn, refused };
};

function computedBaseline(
  rule: Rule,
  reliable: readonly StoryPoint[],
  isClean: (point: StoryPoint) => boolean,
  window: Window,
): Computed {
  const baseline = rule.kind === 'degradation' ? rule.degradation.baseline : undefined;
  if (baseline?.kind === 'fixed') return always(baseline.value);
  if (baseline?.kind === 'rolling') return rollingBaseline(baseline, reliable, isClean, window.from);
  if (baseline?.kind === 'seasonal') return seasonalBaseline(baseline, reliable, isClean, window.from);
  throw new Error('expected a fixed, a rolling or a seasonal baseline');
}

function rollingBaseline(
  rolling: BaselineOf<'rolling'>,
  reliable: readonly StoryPoint[],
  isClean: (point: StoryPoint) => boolean,
  first: number,
): Computed {
  const isBefore = ({ at }: StoryPoint): boolean => at >= first - rolling.window && at < first;
  const before = reliable.filter((point) => isBefore(point) && isClean(point));
  if (before.length < rolling.minPoints) return refusal(`${before.length} points before`, true);
  if (isStale(rolling.maxAge, before, first)) return refusal('stale', !isStale(rolling.maxAge, reliable.filter(isBefore), first));
  const values = before.map(({ value }) => value);
  const value = rolling.statistic === 'median' ? median(values) : mean(values);
  return value === 0 ? refusal('zero', false) : always(value);
}

/** Each time of day has a baseline of its own, `first`: the begin of the judged span. */
function seasonalBaseline(
  { periods, minPeriods, slot, maxAge }: BaselineOf<'seasonal'>,
  reliable: readonly StoryPoint[],
  isClean: (point: StoryPoint) => boolean,
  first: number,
): Computed {
  // A point at the end of a slot lies within it.
  const slotOf = (at: number): number => Math.floor((at - 1) / slot);
  const dayOf = (at: number): number => Math.floor((at - 1) / day);
  const clean = reliable.filter(isClean);
  const sameTime = (at: number, points: readonly StoryPoint[]): StoryPoint[] =>
    points.filter(
      (other) =>
        other.at < first &&
        (slotOf(at) - slotOf(other.at)) % (day / slot) === 0 &&
        dayOf(other.at) < dayOf(at) &&
        dayOf(other.at) >= dayOf(at) - periods,
    );
  const daysOf = (points: readonly StoryPoint[]): number => new Set(points.map(({ at }) => dayOf(at))).size;
  const byNow =
    (points: readonly StoryPoint[]): ValueFor =>
    ({ at }) => {
      // Of a frozen baseline every later day is compared as the first 24 hours after it was frozen
      // are.
      const daysSince = Math.max(0, Math.floor((at - first) / day));
      const same = sameTime(at - daysSince * day, points);
      if (daysOf(same) < minPeriods) return undefined;
      const values = same.map(({ value }) => value);
      const value = median(values);
      return value === 0 ? undefined : { value, spread: spreadOf(values) };
    };
  const isOld = (at: number, points: readonly StoryPoint[]): boolean => isStale(maxAge, sameTime(at, points), first);
  return {
    own: (point) => (isOld(point.at, clean) ? undefined : byNow(clean)(point)),
    frozen: byNow,
    mayStandIn: ({ at }) =>
      daysOf(sameTime(at, clean)) < minPeriods || (byNow(clean)({ at }) !== undefined && !isOld(at, reliable)),
    refused: 'nothing is known of this time',
  };
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

/**
 * Croux and Rousseeuw (1992): the median absolute deviation, scaled to a standard deviation and
 * corrected for few values.
 */
const corrections = [1.196, 1.495, 1.363, 1.206, 1.2, 1.14, 1.129, 1.107];

function spreadOf(values: readonly number[]): number {
  const middle = median(values);
  const n = values.length;
  const correction = n < 2 ? 1 : (corrections[n - 2] ?? n / (n - 0.8));
  return 1.4826 * correction * median(values.map((value) => Math.abs(value - middle)));
}
