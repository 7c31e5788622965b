import { axisNumber, columnAt, columnsOf } from './columns.ts';
import type { Plot, Strip } from './plot.ts';

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
