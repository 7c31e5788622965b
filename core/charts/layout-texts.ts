import { formatValue } from '../vocabulary/format.ts';
import type { Chart, ChartMark, ChartPoint } from './chart.ts';

/** One text on a line that stands at a time; `more`: others that are as near, and have no room. */
export type Flag = {
  x: number;
  /** From 0, nearest to the plot. */
  level: number;
  kind: Exclude<ChartMark['kind'], 'page'>;
  text: string;
  anchor: 'start' | 'end';
  more: number;
};

/** A bound or the baseline: right of the plot, or in it where there is no room beside it. */
export type Label = { x: number; y: number; name: 'baseline' | 'warn' | 'critical'; text: string };

export const levelHeight = 16;
const mostLevels = 3;
const mostChars = 26;
/** Of the type of 11 px that ticks have. */
const charWidth = 6.1;
const between = 8;
const labelHeight = 13;

type Width = { x: (at: number) => number; left: number; right: number };

/** Flags stack where they would cover each other; past three they count. */
export function flagsOf(marks: Chart['marks'], { x, left, right }: Width): Flag[] {
  const flags: (Flag & { from: number; to: number })[] = [];
  for (const { at, kind, text: whole } of marks) {
    if (kind === 'page') continue;
    const text = whole.length > mostChars ? `${whole.slice(0, mostChars - 1)}…` : whole;
    const here = x(at);
    const wide = text.length * charWidth + 16;
    const anchor = here + wide > right && here - wide >= left ? 'end' : 'start';
    const [from, to] = anchor === 'start' ? [here, here + wide] : [here - wide, here];
    const taken = flags.filter((one) => one.from < to + between && one.to > from - between);
    const level = [0, 1, 2].slice(0, mostLevels).find((one) => taken.every((flag) => flag.level !== one));
    const last = taken.at(-1);
    if (level !== undefined) flags.push({ x: here, level, kind, text, anchor, more: 0, from, to });
    else if (last !== undefined) last.more += 1;
  }
  return flags.map(({ from: _from, to: _to, ...flag }) => flag);
}

/** The last baseline and bounds, so far apart that they can be read. */
export function labelsOf(
  points: readonly ChartPoint[],
  y: (value: number) => number,
  { left, right, top, bottom }: { left: number; right: number; top: number; bottom: number },
  { isPinned, isInside }: { isPinned: boolean; isInside: boolean },
): Label[] {
  const labels = (['baseline', 'warn', 'critical'] as const).flatMap((name): Label[] => {
    const value = points.findLast((point) => point[name] !== undefined)?.[name];
    if (value === undefined) return [];
    const what = name === 'baseline' && isPinned ? 'pinned' : name;
    return [
      { x: isInside ? left + 4 : right + 6, y: isInside ? y(value) - 7 : y(value), name, text: `${what} ${formatValue(value)}` },
    ];
  });
  labels.sort((a, b) => a.y - b.y);
  for (const [place, label] of labels.entries()) {
    const before = labels[place - 1];
    if (before !== undefined) label.y = Math.max(label.y, before.y + labelHeight);
  }
  for (const [place, label] of [...labels.entries()].reverse())
    label.y = Math.max(top + 4, Math.min(label.y, bottom - labelHeight * (labels.length - 1 - place)));
  return labels;
}
