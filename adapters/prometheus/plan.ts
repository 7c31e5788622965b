import type { SourceRequest } from '../../app/ports/source.ts';

/** One query that requests share: points at multiples of `step` in [start, end], milliseconds. */
export type Unit = { key: string; query: string; step: number; start: number; end: number };

/**
 * How long before its span a series is looked for, so that one which has just ended is known to be
 * missing.
 */
const earlierSteps = 5;

/**
 * Points lie on multiples of the step, as those of other sources do. The end of the range waits for
 * the lag.
 *
 * Prometheus lists a series only where it has a value in the range, so the range begins some steps
 * earlier than the points that are judged: a series that ended lately is answered without points,
 * and `noData` says what that means.
 */
export function spanOf({ from, to, rule }: SourceRequest, lag: number, now: number): { start: number; end: number } {
  const { step, every = step } = rule;
  const end = Math.floor(Math.min(to, now - lag) / step) * step;
  const first = Math.floor(from / step) * step + step;
  return { start: first - Math.max(earlierSteps * step, Math.ceil(every / step) * step), end };
}

/** Requests for the same query and step share the unit, whose span grows to the longest. */
export function sharedUnits(): { of(query: string, step: number, span: { start: number; end: number }): Unit; all(): Unit[] } {
  const units = new Map<string, Unit>();
  return {
    of(query, step, { start, end }) {
      const key = `${step} ${query}`;
      const known = units.get(key);
      if (known === undefined) {
        const unit = { key, query, step, start, end };
        units.set(key, unit);
        return unit;
      }
      known.start = Math.min(known.start, start);
      known.end = Math.max(known.end, end);
      return known;
    },
    all: () => [...units.values()],
  };
}

/** Prometheus answers at most 11,000 points a series. */
const maxPoints = 10_000;

/** The spans of a unit's requests, which follow each other. */
export function partsOf({ start, end, step }: Unit): { start: number; end: number }[] {
  const parts: { start: number; end: number }[] = [];
  for (let from = start; from <= end; from += maxPoints * step) {
    parts.push({ start: from, end: Math.min(end, from + (maxPoints - 1) * step) });
  }
  return parts;
}
