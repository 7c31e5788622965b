/**
 * Readings of a counter that only grows until it is reset: time (milliseconds since the epoch),
 * value, time, value ... by time, then value. Plain JSON. Equal readings count once. An empty list
 * means that there were too many to keep.
 */
export type Readings = number[];

/** A bucket keeps so many readings: one in half a second, for a bucket of a minute. */
export const mostReadings = 120;

/**
 * The readings of both. The order of merging matters only beyond `mostReadings`: then those inside
 * a rise are dropped, for they do not change its size, so that a later reading among them is
 * compared with others than it would have been.
 */
export function mergeReadings(a: Readings, b: Readings): Readings {
  if (a.length === 0 || b.length === 0) return [];
  const merged: Readings = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (j >= b.length || (i < a.length && isBefore(a, i, b, j))) {
      append(merged, a[i] as number, a[i + 1] as number);
      i += 2;
    } else {
      append(merged, b[j] as number, b[j + 1] as number);
      j += 2;
    }
  }
  if (merged.length <= 2 * mostReadings) return merged;
  const ends = withoutInner(merged);
  return ends.length <= 2 * mostReadings ? ends : [];
}

/**
 * By how much the counter grew from one reading to the next. A smaller value means that it was
 * reset to 0 in between, so all of it is growth, as Prometheus counts it.
 */
export const growth = (before: number, value: number): number => (value >= before ? value - before : Math.max(0, value));

function isBefore(a: Readings, i: number, b: Readings, j: number): boolean {
  const [first, second] = [a[i] as number, b[j] as number];
  return first < second || (first === second && (a[i + 1] as number) <= (b[j + 1] as number));
}

function append(to: Readings, at: number, value: number): void {
  if (to.at(-2) !== at || to.at(-1) !== value) to.push(at, value);
}

/** Without the readings between the beginning and the end of a rise. */
function withoutInner(readings: Readings): Readings {
  const kept: Readings = [];
  const valueAt = (place: number): number => readings[place + 1] as number;
  for (let i = 0; i < readings.length; i += 2) {
    const isInner = i > 0 && i + 2 < readings.length && valueAt(i - 2) <= valueAt(i) && valueAt(i) <= valueAt(i + 2);
    if (!isInner) kept.push(readings[i] as number, valueAt(i));
  }
  return kept;
}
