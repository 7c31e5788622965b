import type { Rule } from '../../core/config/schema.ts';
import { alertSpans, type Evaluation, runsOf } from './evaluation.ts';
import type { StoryPoint } from './story.ts';
import type { Window } from './window.ts';

/** What normal is for a point. `spread` only of a season. */
export type Normal = { valueFor: (point: StoryPoint) => Reference | undefined; from: number; to: number };
export type Reference = { value: number; spread: number };
export type Baseline = { normal: Normal; isRenewed: boolean } | { refused: string };

const day = 86_400_000;

/** Why a point is no part of any baseline is decided once, for all that look back. */
export function cleanPoints(rule: Rule, known: readonly StoryPoint[], history: readonly Evaluation[]): StoryPoint[] {
  const enough = ({ count }: StoryPoint): boolean => count === undefined || count >= rule.samples.minCount;
  const spans = alertSpans(history);
  return known.filter((point) => enough(point) && !spans.some(({ from, to }) => point.at >= from && point.at <= to));
}

/**
 * The baseline that an evaluation compares with: of an alert that fires the one that it began with. Otherwise what the series was
 * like before; and where the points of an alert leave too little of that, still the one of the alert, until enough has come after it.
 */
export function baselineOf(rule: Rule, known: readonly StoryPoint[], window: Window, history: readonly Evaluation[]): Baseline {
  const runs = runsOf(history);
  const firing = history.at(-1)?.severity === undefined ? undefined : runs.at(-1);
  const begunWith = firing?.during.find(hasNormal)?.normal;
  if (begunWith !== undefined) return { normal: begunWith, isRenewed: false };
  const clean = cleanPoints(rule, known, history);
  const computed = computedBaseline(rule, clean, window);
  if ('normal' in computed) {
    const after = alertSpans(history).at(-1)?.to ?? 0;
    const isRenewed =
      'normal' in
      computedBaseline(
        rule,
        clean.filter(({ at }) => at > after),
        window,
      );
    return { ...computed, isRenewed };
  }
  const last = runs.findLast(({ during }) => during.some(hasNormal))?.during;
  const pinned = last?.find(hasNormal)?.normal;
  const isForgotten = history.slice(history.indexOf(last?.at(-1) as Evaluation) + 1).some(({ isRenewed }) => isRenewed);
  return computed.tooFew !== true || pinned === undefined || isForgotten ? computed : { normal: pinned, isRenewed: false };
}

const hasNormal = ({ normal }: Evaluation): boolean => normal !== undefined;

function computedBaseline(
  rule: Rule,
  clean: readonly StoryPoint[],
  window: Window,
): { normal: Normal } | { refused: string; tooFew?: true } {
  const { fixed, rolling, seasonal } = rule.degradation?.baseline ?? {};
  const first = window.from;
  if (fixed !== undefined) {
    const normal = { valueFor: () => ({ value: fixed, spread: 0 }), from: 0, to: 0 };
    return { normal };
  }
  if (rolling !== undefined) {
    const from = first - rolling.window;
    const before = clean.filter(({ at }) => at >= from && at < first);
    if (before.length < rolling.minPoints) return { refused: `${before.length} points before`, tooFew: true };
    const newest = before.at(-1)?.at ?? 0;
    if (rolling.maxAge !== undefined && first - newest > rolling.maxAge) return { refused: 'stale' };
    const values = before.map(({ value }) => value);
    const value = rolling.statistic === 'median' ? median(values) : mean(values);
    if (value === 0) return { refused: 'zero' };
    return { normal: { valueFor: () => ({ value, spread: 0 }), from, to: first } };
  }
  if (seasonal === undefined) throw new Error('expected a fixed, a rolling or a seasonal baseline');
  const { periods, minPeriods, slot } = seasonal;
  // A point at the end of a slot lies within it.
  const slotOf = (at: number): number => Math.floor((at - 1) / slot);
  const dayOf = (at: number): number => Math.floor((at - 1) / day);
  const before = clean.filter(({ at }) => at < first);
  const sameTime = (at: number): StoryPoint[] =>
    before.filter(
      (other) =>
        (slotOf(at) - slotOf(other.at)) % (day / slot) === 0 &&
        dayOf(other.at) < dayOf(at) &&
        dayOf(other.at) >= dayOf(at) - periods,
    );
  const valueFor = ({ at }: StoryPoint): Reference | undefined => {
    // Of a frozen baseline every later day is compared as the first 24 hours after it was frozen are.
    const daysSince = Math.max(0, Math.floor((at - first) / day));
    const same = sameTime(at - daysSince * day);
    if (new Set(same.map((other) => dayOf(other.at))).size < minPeriods) return undefined;
    const values = same.map(({ value }) => value);
    return { value: median(values), spread: spreadOf(values) };
  };
  const latest = window.points.at(-1);
  const reference = latest === undefined ? undefined : valueFor(latest);
  if (latest === undefined || reference === undefined) return { refused: 'too few days', tooFew: true };
  const newest = sameTime(latest.at).at(-1)?.at ?? 0;
  if (seasonal.maxAge !== undefined && first - newest > seasonal.maxAge) return { refused: 'stale' };
  if (reference.value === 0) return { refused: 'zero' };
  return { normal: { valueFor, from: 0, to: first } };
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
