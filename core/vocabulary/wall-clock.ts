import { Temporal } from 'temporal-polyfill';

/**
 * What the clock on a wall shows, as the milliseconds since the epoch at which a clock in UTC shows
 * the same. A plain number, because muting and baselines ask for it very often.
 */
export type WallTime = number;

/** A time [from, to) in which a zone keeps one offset from UTC; milliseconds. */
export type OffsetSpan = { from: number; to: number; offset: number };

const dayMs = 86_400_000;
/** No clock was ever moved further: Samoa and Kiribati skipped a whole day. */
const farthestMs = dayMs + 2 * 3_600_000;

/** Spans that were asked for, by zone. Looking one up is slow and never changes. Bounded. */
const spans = new Map<string, OffsetSpan[]>();
const maxZones = 1_000;
const maxSpans = 200;

/** The default zone, which is not looked up. */
const utc: OffsetSpan = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY, offset: 0 };

export function offsetSpanAt(zone: string, at: number): OffsetSpan {
  if (zone === 'UTC') return utc;
  let known = spans.get(zone);
  const found = known?.find(({ from, to }) => from <= at && at < to);
  if (found !== undefined) return found;
  if (known === undefined || known.length >= maxSpans) {
    if (spans.size >= maxZones) spans.clear();
    known = [];
    spans.set(zone, known);
  }
  const zoned = Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(zone);
  const span: OffsetSpan = {
    // "Previous" leaves out a change at this very instant.
    from: zoned.add({ milliseconds: 1 }).getTimeZoneTransition('previous')?.epochMilliseconds ?? Number.NEGATIVE_INFINITY,
    to: zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
    offset: zoned.offsetNanoseconds / 1e6,
  };
  known.unshift(span);
  return span;
}

export const wallTime = (zone: string, at: number): WallTime => at + offsetSpanAt(zone, at).offset;

/** Days since 1970-01-01 on the calendar of the wall. */
export const wallDay = (wall: WallTime): number => Math.floor(wall / dayMs);

export const minuteOfDay = (wall: WallTime): number => Math.floor((wall - wallDay(wall) * dayMs) / 60_000);

/** 0 is Monday. The first day of 1970 was a Thursday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

/**
 * The instants at which the wall shows a time in [from, to), as spans [from, to) in order. None if
 * clocks skip it, two if they show it twice.
 */
export function whenWallShows(zone: string, from: WallTime, to: WallTime): { from: number; to: number }[] {
  let span = offsetSpanAt(zone, from - offsetSpanAt(zone, from).offset);
  if (from - span.offset - farthestMs >= span.from && to - span.offset + farthestMs < span.to)
    return [{ from: from - span.offset, to: to - span.offset }];
  const shown: { from: number; to: number }[] = [];
  for (span = offsetSpanAt(zone, from - farthestMs); ; span = offsetSpanAt(zone, span.to)) {
    const part = { from: Math.max(span.from, from - span.offset), to: Math.min(span.to, to - span.offset) };
    const last = shown.at(-1);
    if (part.from < part.to) {
      if (last?.to === part.from) last.to = part.to;
      else shown.push(part);
    }
    if (span.to > to + farthestMs) return shown;
  }
}
