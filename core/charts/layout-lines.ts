import type { Severity } from '../vocabulary/schema-parts.ts';
import type { ChartPoint, Side } from './chart.ts';

/**
 * Where a time and a value lie, and how far apart two points may be that a line joins: `coarse`
 * where one of them stands for several, as in history that is kept as one value an hour.
 */
export type Cut = { x: (at: number) => number; y: (value: number) => number; longest: number; coarse: number };

/** How far the next point may be. */
export const reachOf = (
  before: ChartPoint,
  next: ChartPoint | undefined,
  { longest, coarse }: Pick<Cut, 'longest' | 'coarse'>,
): number => (before.of === undefined && next?.of === undefined ? longest : Math.max(longest, coarse));

type Valued = ChartPoint & { value: number };

/** Runs of points that have a value, without a gap between them. */
function runsOf<P extends ChartPoint>(points: readonly P[], cut: Cut): P[][] {
  const runs: P[][] = [];
  for (const point of points) {
    const last = runs.at(-1)?.at(-1);
    if (last === undefined || point.at - last.at > reachOf(last, point, cut)) runs.push([point]);
    else runs.at(-1)?.push(point);
  }
  return runs;
}

const valuedOf = (points: readonly ChartPoint[]): Valued[] =>
  points.filter((point): point is Valued => point.value !== undefined);

/** The line of values. A gap breaks it; what may still change is a line of its own. */
export function linesOf(points: readonly ChartPoint[], cut: Cut) {
  const { x, y } = cut;
  let [judged, provisional, ranges, firsts] = ['', '', '', ''];
  for (const run of runsOf(valuedOf(points), cut)) {
    for (const [place, point] of run.entries()) {
      const here = `${x(point.at)} ${y(point.value)}`;
      const before = run[place - 1];
      if (before === undefined) judged += `M${here}${run.length === 1 ? 'h0' : ''}`;
      else if (point.provisional === undefined) judged += `L${here}`;
      else provisional += `M${x(before.at)} ${y(before.value)}L${here}`;
      if (point.provisional !== undefined) judged += place + 1 < run.length ? `M${here}` : '';
      if (point.of !== undefined && point.of.high > point.of.low)
        ranges += `M${x(point.at)} ${y(point.of.high)}V${y(point.of.low)}`;
      if (point.first !== undefined && point.first !== point.value) firsts += `M${x(point.at) - 4} ${y(point.first)}h8`;
    }
  }
  return { judged, provisional, ranges, firsts };
}

/** The ribbon of intervals: forward along their tops, and back along their bottoms. */
export function intervalOf(points: readonly ChartPoint[], cut: Cut): string {
  const { x, y } = cut;
  type Known = ChartPoint & { interval: { low: number; high: number } };
  const known = points.filter((point): point is Known => point.interval !== undefined);
  return runsOf(known, cut)
    .filter((run) => run.length > 1)
    .map((run) => {
      const tops = run.map(({ at, interval }) => `${x(at)} ${y(interval.high)}`);
      const bottoms = run.toReversed().map(({ at, interval }) => `${x(at)} ${y(interval.low)}`);
      return `M${[...tops, ...bottoms].join('L')}Z`;
    })
    .join('');
}

type Bound = 'baseline' | Severity;
type Step = { at: number; value: number };

/** A bound holds until the next one is known; most never change. */
const heldOf = (points: readonly ChartPoint[], name: Bound): Step[] => {
  const held: Step[] = [];
  for (const { at, [name]: value } of points) if (value !== undefined && value !== held.at(-1)?.value) held.push({ at, value });
  return held;
};

/** A bound or a baseline as a line, up to the right edge. */
export function stepsOf(points: readonly ChartPoint[], name: Bound, { x, y }: Cut, right: number): string {
  const held = heldOf(points, name);
  const [first] = held;
  if (first === undefined) return '';
  return `M${x(first.at)} ${y(first.value)}${alongOf(held, { x, y })}H${right}`;
}

const alongOf = (held: readonly Step[], { x, y }: Pick<Cut, 'x' | 'y'>): string =>
  held
    .slice(1)
    .map(({ at, value }) => `H${x(at)}V${y(value)}`)
    .join('');

type Around = { cut: Cut; side: Side; right: number; top: number; bottom: number };

/** The bands as fields: from each bound to the next one, the last to the edge. */
export function bandOf(points: readonly ChartPoint[], around: Around): { severity: Severity; d: string }[] {
  const held = { warn: heldOf(points, 'warn'), critical: heldOf(points, 'critical') };
  const fields: { severity: Severity; d: string }[] = [];
  if (held.warn.length > 0)
    fields.push({ severity: 'warn', d: fieldOf(held.warn, held.critical.length > 0 ? held.critical : undefined, around) });
  if (held.critical.length > 0) fields.push({ severity: 'critical', d: fieldOf(held.critical, undefined, around) });
  return fields;
}

function fieldOf(from: readonly Step[], to: readonly Step[] | undefined, { cut, side, right, top, bottom }: Around): string {
  const [first] = from;
  if (first === undefined) return '';
  const { x, y } = cut;
  const near = `M${x(first.at)} ${y(first.value)}${alongOf(from, cut)}H${right}`;
  if (to === undefined) return `${near}V${side === 'above' ? top : bottom}H${x(first.at)}Z`;
  const back: string[] = [];
  for (const { at, value } of to.toReversed()) back.push(`V${y(value)}H${x(at)}`);
  return `${near}${back.join('')}Z`;
}
