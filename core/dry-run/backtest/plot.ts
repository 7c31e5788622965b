import { labelsKey } from '../../vocabulary/labels-key.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';
import { axisNumber, columnAt, columnsOf } from './columns.ts';
import type { Firing, History, Judgement } from './history.ts';
import { isTrue } from './score.ts';
import type { LabelledWindow } from './windows.ts';

/** One row under a plot: spans, and single moments. */
export type Strip = {
  name: string;
  spans: { from: number; to: number; severity?: Firing['severity'] }[];
  /** Pages; `wrong` if known to be false. */
  marks: { at: number; wrong: boolean }[];
};

export type Plot = {
  title: string;
  from: number;
  to: number;
  judgements: readonly Judgement[];
  strips: Strip[];
  windows: readonly LabelledWindow[];
};

/** The row of one history: when it fired and paged. */
export function stripOf(name: string, history: History, windows: readonly LabelledWindow[] | undefined): Strip {
  const wrong = (page: History['pages'][number]): boolean => windows !== undefined && !isTrue(page, history, windows);
  return { name, spans: history.firing, marks: history.pages.map((page) => ({ at: page.at, wrong: wrong(page) })) };
}

/** The series to plot: the one that fired longest, or the first if none fired. */
export function plottedSeries({ series, firing }: History): History['series'][number] | undefined {
  const fired = (labels: Labels): number => {
    const key = labelsKey(labels);
    return firing.reduce((sum, one) => sum + (labelsKey(one.labels) === key ? one.to - one.from : 0), 0);
  };
  return series.toSorted((a, b) => fired(b.labels) - fired(a.labels))[0];
}

/** A plot for a terminal: `width` columns of values with their bounds, and one row per strip. */
export function textPlot({ title, from, to, judgements, strips, windows }: Plot, width: number, height: number): string {
  const { columns, low, high } = columnsOf(judgements, from, to, width);
  const rowOf = (value: number): number =>
    Math.min(height - 1, Math.max(0, Math.round(((high - value) / (high - low)) * (height - 1))));
  const grid = Array.from({ length: height }, () => new Array<string>(width).fill(' '));
  const put = (x: number, row: number, sign: string): void => {
    const line = grid[row];
    if (line !== undefined) line[x] = sign;
  };
  for (const [x, column] of columns.entries()) {
    if (column === undefined) continue;
    if (column.baseline !== undefined) put(x, rowOf(column.baseline), '·');
    if (column.warn !== undefined) put(x, rowOf(column.warn), '-');
    if (column.critical !== undefined) put(x, rowOf(column.critical), '=');
    for (let row = rowOf(column.high); row <= rowOf(column.low); row += 1) put(x, row, '█');
  }
  const rows = [...strips, ...(windows.length === 0 ? [] : [{ name: 'labelled', spans: [...windows], marks: [] }])];
  const margin = Math.max(...rows.map(({ name }) => name.length), axisNumber(low).length, axisNumber(high).length);
  const lines = grid.map((cells, row) => {
    const label = row === 0 ? axisNumber(high) : row === height - 1 ? axisNumber(low) : '';
    return `${label.padStart(margin)} │${cells.join('')}`.trimEnd();
  });
  const rowLines = rows.map(({ name, spans, marks }: Strip) => {
    const cells = new Array<string>(width).fill(' ');
    for (const span of spans) {
      if (span.to < from || span.from > to) continue;
      cells.fill(
        span.severity === 'warn' ? '▒' : '█',
        columnAt(span.from, from, to, width),
        columnAt(span.to, from, to, width) + 1,
      );
    }
    for (const { at, wrong } of marks) cells[columnAt(at, from, to, width)] = wrong ? '×' : '▲';
    return `${name.padStart(margin)} │${cells.join('')}`.trimEnd();
  });
  const [start, end] = [from, to].map((at) => new Date(at).toISOString().slice(0, 16).replace('T', ' '));
  const axis = `${' '.repeat(margin)} └${'─'.repeat(width)}`;
  const times = `${' '.repeat(margin + 2)}${start}${`${end}`.padStart(Math.max(0, width - `${start}`.length))}`;
  const key = '█ value  · baseline  - warn  = critical; below: ▒ warn  █ critical  ▲ page  × false page';
  return [title, ...lines, axis, ...rowLines, times, key, ''].join('\n');
}
