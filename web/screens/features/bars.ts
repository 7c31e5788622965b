import { formatValue } from '../../../core/vocabulary/format.ts';
import type { FeatureBinsDto, FeatureDto, FeaturePictureDto } from '../../../http/api/dto/feature.ts';
import { csvOf } from '../../parts/csv.ts';

export type Side = 'baseline' | 'current';
/** A bar of a drawing that is 100 wide and 100 high. */
export type Bar = { x: number; width: number; height: number };
/** One plot: bars of each side, and the texts of its axis. */
export type Plot = { baseline: Bar[]; current: Bar[]; ticks: string[] };

type Numbers = Extract<FeaturePictureDto, { kind: 'numbers' }>;

const totalOf = ({ counts, below, above }: FeatureBinsDto): number =>
  Math.max(
    1,
    counts.reduce((sum, count) => sum + count, below + above),
  );

/** Shares, so that sides with unequally many values compare. */
const sharesOf = (bins: FeatureBinsDto | undefined): number[] => {
  if (bins === undefined) return [];
  const total = totalOf(bins);
  return bins.counts.map((count) => count / total);
};

const barsOf = (bins: FeatureBinsDto | undefined, tallest: number): Bar[] => {
  const shares = sharesOf(bins);
  const width = 100 / Math.max(1, shares.length);
  return shares.map((share, i) => ({ x: i * width, width, height: tallest > 0 ? (100 * share) / tallest : 0 }));
};

const ticksOf = (bins: FeatureBinsDto | undefined): string[] => {
  const edges = bins?.edges ?? [];
  const [first, last] = [edges[0], edges.at(-1)];
  if (first === undefined || last === undefined) return [];
  // Bins of whole numbers lie around each.
  const half = edges.every((edge) => Math.abs(edge % 1) === 0.5) ? 0.5 : 0;
  const ends = [first + half, last - half] as const;
  return (ends[0] === ends[1] ? [ends[0]] : [ends[0], (ends[0] + ends[1]) / 2, ends[1]]).map((value) => formatValue(value));
};

/** One plot with both, or two where both share no range: before, then now. */
export function plotsOf({ apart, baseline, current }: Numbers): Plot[] {
  const tallestOf = (sides: (FeatureBinsDto | undefined)[]): number => Math.max(0, ...sides.flatMap(sharesOf));
  if (apart)
    return [
      { baseline: barsOf(baseline, tallestOf([baseline])), current: [], ticks: ticksOf(baseline) },
      { baseline: [], current: barsOf(current, tallestOf([current])), ticks: ticksOf(current) },
    ];
  const tallest = tallestOf([baseline, current]);
  return [{ baseline: barsOf(baseline, tallest), current: barsOf(current, tallest), ticks: ticksOf(current ?? baseline) }];
}

/** The outline of bars, as a path; nothing for none. */
export function outlineOf(bars: readonly Bar[]): string {
  if (bars.length === 0) return '';
  const tops = bars.map(({ x, width, height }) => `V${(100 - height).toFixed(2)}H${(x + width).toFixed(2)}`).join('');
  return `M${(bars[0]?.x ?? 0).toFixed(2)} 100${tops}V100`;
}

/** Rows of a table: the range or category, and the share of each side. */
export type ShareRow = { name: string; baseline?: number; current?: number };

export function shareRows(picture: FeaturePictureDto): ShareRow[] {
  if (picture.kind === 'categories') {
    const total = (side: Side): number =>
      Math.max(
        1,
        picture.rows.reduce((sum, row) => sum + row[side], picture.others[side]),
      );
    const [was, is] = [total('baseline'), total('current')];
    const rows = [...picture.rows, { name: 'all others', ...picture.others }];
    return rows
      .filter(({ baseline, current }) => baseline + current > 0)
      .map(({ name, baseline, current }) => ({ name, baseline: baseline / was, current: current / is }));
  }
  const { apart, baseline, current } = picture;
  const rowsOf = (bins: FeatureBinsDto | undefined, side: Side): ShareRow[] => {
    if (bins === undefined) return [];
    const total = totalOf(bins);
    const inside = bins.counts.map((count, i) => ({
      name: `${formatValue(bins.edges[i] ?? 0)} to ${formatValue(bins.edges[i + 1] ?? 0)}`,
      [side]: count / total,
    }));
    return [
      { name: `below ${formatValue(bins.edges[0] ?? 0)}`, [side]: bins.below / total },
      ...inside,
      { name: `above ${formatValue(bins.edges.at(-1) ?? 0)}`, [side]: bins.above / total },
    ];
  };
  const [was, is] = [rowsOf(baseline, 'baseline'), rowsOf(current, 'current')];
  const rows = apart || was.length !== is.length ? [...was, ...is] : was.map((row, i) => ({ ...row, ...is[i] }));
  return rows.filter((row) => (row.baseline ?? 0) + (row.current ?? 0) > 0);
}

/** Features as CSV: one a line. */
export function featuresCsv(features: readonly FeatureDto[]): string {
  const head =
    'feature,status,measure,value,p,median_before,median_now,nulls_before,nulls_now,values_before,values_now,distinct_now';
  const rows = features.map(({ feature, verdict, baseline, current }) => [
    ...[feature, verdict.status, verdict.measure, verdict.value, verdict.pValue],
    ...[baseline?.numbers?.median, current?.numbers?.median, baseline?.nulls, current?.nulls],
    ...[baseline?.values, current?.values, current?.distinct],
  ]);
  return csvOf([head.split(','), ...rows]);
}
