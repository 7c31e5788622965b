import { axisNumber, type Column, columnsOf } from './columns.ts';
import type { Plot } from './plot.ts';
import { plotStyle } from './style.ts';
import { xmlText } from './xml-text.ts';

/**
 * `wide`: for a screen. `narrow`: for a phone, which would shrink the texts of a wide one to 4 px.
 * In CSS pixels; `ticks`: positions of the times below, as shares of the width.
 */
const sizes = {
  wide: { width: 960, left: 112, ticks: [0, 0.25, 0.5, 0.75, 1] },
  narrow: { width: 400, left: 60, ticks: [0, 1] },
};
export type PlotSize = keyof typeof sizes;

const right = 16;
const top = 40;
const plotHeight = 240;
const stripHeight = 20;
const keyHeight = 18;
/** Characters of a title that fit a narrow plot. */
const narrowTitle = 56;

/**
 * A plot as SVG: values over time with baseline and bounds, labelled windows behind them, and a row
 * per strip with firing spans and pages (triangle: true or unknown, cross: false). Equal plots give
 * byte-equal text.
 */
export function svgOf(plot: Plot, size: PlotSize = 'wide'): string {
  const { width, left, ticks } = sizes[size];
  const plotWidth = width - left - right;
  const { title, from, to, judgements, strips, windows } = plot;
  const { columns, low, high } = columnsOf(judgements, from, to, plotWidth);
  const bottom = top + plotHeight;
  const key = keyOf(plot, size);
  const height = bottom + 14 + strips.length * stripHeight + 28 + key.length * keyHeight;
  const x = (at: number): number =>
    round(left + (plotWidth * (Math.min(to, Math.max(from, at)) - from)) / Math.max(1, to - from));
  const y = (value: number): number => round(top + (plotHeight * (high - value)) / (high - low));
  const parts: string[] = [];
  const inView = windows.filter((window) => window.to >= from && window.from <= to);
  const strip = (index: number): number => bottom + 14 + index * stripHeight;

  for (const window of inView) {
    const wide = round(Math.max(1, x(window.to) - x(window.from)));
    const tip = `<title>${xmlText(window.label ?? 'labelled window')}</title>`;
    parts.push(
      `<rect class="labelled" x="${x(window.from)}" y="${top}" width="${wide}" height="${strip(strips.length) - top}">${tip}</rect>`,
    );
  }
  parts.push(`<rect class="frame" x="${left}" y="${top}" width="${plotWidth}" height="${plotHeight}"/>`);
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const value = low + share * (high - low);
    parts.push(`<text class="dim" x="${left - 6}" y="${y(value) + 4}" text-anchor="end">${axisNumber(value)}</text>`);
  }
  for (const name of ['baseline', 'warn', 'critical'] as const) {
    const line = pathOf(columns, left, (column) => (column[name] === undefined ? [] : [y(column[name])]));
    if (line !== '') parts.push(`<path class="${name === 'baseline' ? name : `${name}-line`}" d="${line}"/>`);
  }
  const values = pathOf(columns, left, ({ low: least, high: most }) => (least === most ? [y(least)] : [y(most), y(least)]));
  parts.push(`<path class="value" d="${values}"/>`);

  for (const [index, { name, spans, marks }] of strips.entries()) {
    const middle = strip(index) + stripHeight / 2;
    parts.push(`<text x="${left - 6}" y="${middle + 4}" text-anchor="end">${xmlText(name)}</text>`);
    for (const span of spans) {
      if (span.to < from || span.from > to) continue;
      const wide = round(Math.max(1.5, x(span.to) - x(span.from)));
      parts.push(
        `<rect class="${span.severity ?? 'critical'}" x="${x(span.from)}" y="${middle - 4}" width="${wide}" height="8"/>`,
      );
    }
    for (const { at, wrong } of marks) {
      const here = x(at);
      const shape = wrong
        ? `<path class="wrong" d="M${round(here - 4)} ${middle - 4}l8 8m0-8l-8 8"/>`
        : `<path class="page" d="M${here} ${middle - 7}l4 8h-8z"/>`;
      parts.push(shape);
    }
  }
  const below = strip(strips.length) + 14;
  for (const share of ticks) {
    const at = from + share * (to - from);
    const anchor = share === 0 ? 'start' : share === 1 ? 'end' : 'middle';
    parts.push(`<text class="dim" x="${x(at)}" y="${below}" text-anchor="${anchor}">${timeText(at)}</text>`);
  }
  for (const [index, line] of key.entries())
    parts.push(`<text class="dim" x="${size === 'wide' ? left : 6}" y="${below + 20 + index * keyHeight}">${line}</text>`);
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`;
  const shown = size === 'wide' || title.length <= narrowTitle ? title : `${title.slice(0, narrowTitle - 1)}…`;
  const head = `<title>${xmlText(title)}</title><style>${plotStyle}</style><text x="${size === 'wide' ? left : 6}" y="24" font-weight="600">${xmlText(shown)}</text>`;
  return `${[open, head, ...parts].join('\n')}\n</svg>\n`;
}

/** What the colours and signs mean, in the lines that fit. */
function keyOf({ windows, from, to }: Plot, size: PlotSize): string[] {
  const labelled = windows.some((window) => window.to >= from && window.from <= to);
  const lines = ['blue: value · grey dots: baseline', 'dashes: warn and critical · triangle: page'];
  if (labelled) lines.push('cross: false page · shaded: labelled');
  return size === 'wide' ? [lines.join(' · ')] : lines;
}

/** One line through the columns, broken at unusually long gaps. */
function pathOf(columns: readonly (Column | undefined)[], left: number, ys: (column: Column) => number[]): string {
  const places = columns.flatMap((column, index) => (column === undefined ? [] : [index]));
  const steps = places.slice(1).map((place, index) => place - (places[index] as number));
  const usual = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 1;
  let path = '';
  let before = Number.NEGATIVE_INFINITY;
  for (const index of places) {
    const heights = ys(columns[index] as Column);
    for (const height of heights) {
      path += `${index - before > 4 * usual ? 'M' : 'L'}${left + index + 0.5} ${height}`;
      before = index;
    }
  }
  return path;
}

const round = (value: number): number => Math.round(value * 10) / 10;
const timeText = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
