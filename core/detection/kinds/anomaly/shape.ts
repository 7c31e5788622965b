/** Length of the compared shape, and how far back similar shapes are searched. */
export const shapeLength = 12;
export const shapeHistory = 300;
const samplesToSpeak = 2 * shapeLength + 10;

/**
 * How unlike recent history the last twelve values are: the Euclidean distance, in the series'
 * unit, to the second nearest stretch of the last 300 samples (the second, so that one odd stretch
 * does not make the next look normal). Detects what single values hide: a broken rhythm, a plateau
 * on a slope. After KNN-CAD (E. Burnaev and V. Ishimtsev, "Conformalized density- and
 * distance-based anomaly detection in time-series data", arXiv 1608.04585).
 *
 * `values` is oldest first. 0 for fewer than 34 values.
 */
export function shapeDistance(values: readonly number[]): number {
  const end = values.length - 1;
  if (values.length < samplesToSpeak) return 0;
  const newest = values[end] as number;
  let nearest = Number.POSITIVE_INFINITY;
  let second = Number.POSITIVE_INFINITY;
  for (let start = Math.max(shapeLength, end - shapeHistory); start < end - shapeLength; start += 1) {
    const first = newest - (values[start] as number);
    let distance = first * first;
    for (let k = 1; distance < second && k < shapeLength; k += 1) {
      const difference = (values[end - k] as number) - (values[start - k] as number);
      distance += difference * difference;
    }
    if (distance < nearest) {
      second = nearest;
      nearest = distance;
    } else if (distance < second) {
      second = distance;
    }
  }
  return Math.sqrt(second);
}
