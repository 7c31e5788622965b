/** Points whose number of samples another query tells, by equal labels and times. */
import type { Point, Series } from '../core/telemetry/series.ts';
import { labelsKey } from '../core/vocabulary/labels-key.ts';

/** By the key of a series' labels, then by time: how many samples are behind a value. */
export type Counts = ReadonlyMap<string, ReadonlyMap<number, number>>;

export const countsBySeries = (series: readonly Pick<Series, 'labels' | 'points'>[]): Counts =>
  new Map(series.map(({ labels, points }) => [labelsKey(labels), new Map(points.map(({ at, value }) => [at, value]))]));

export const withCount = (point: Point, count: number | undefined): Point => (count === undefined ? point : { ...point, count });
