import type { RuleInput, Seen, Story, StoryPoint } from './story.ts';

const second = 1000;
const minute = 60 * second;
/** A Monday, at midnight. */
export const t0 = Date.UTC(2026, 0, 5);

export type Written = {
  rule: RuleInput;
  /**
   * A value a step: `60x0.9 0.7 3x_ 0.84#5`, where `_` is missing and `#5` says on how many samples
   * it rests.
   */
  values: string;
  step?: number;
  /** How long after the end of each step the clock ticks. */
  after?: number;
  /** Ticks instead of one a step. */
  ticks?: readonly number[];
  /** How long after its end a point is known. */
  known?: number;
  /** By how many steps more single points are known later, by their place from 1 on. */
  late?: Readonly<Record<number, number>>;
  lag?: number;
  /** Steps at whose end the source fails, by their place from 1 on. */
  failing?: readonly number[];
};

/**
 * A story from its short form. The first value is that of the first step, and the first tick is at
 * its end or after.
 */
export function storyOf({
  rule,
  values,
  step = minute,
  after = 0,
  ticks,
  known = 0,
  late = {},
  lag,
  failing = [],
}: Written): Story {
  const each = values.trim().split(/\s+/).flatMap(repeated);
  const points = each.flatMap((text, index): StoryPoint[] => {
    const [value, count] = text.split('#').map(Number) as [number, number?];
    const at = t0 + (index + 1) * step;
    return text === '_'
      ? []
      : [
          {
            at,
            value,
            knownAt: index === 0 ? 0 : at + known + (late[index + 1] ?? 0) * step,
            ...(count === undefined ? {} : { count }),
          },
        ];
  });
  return {
    rule,
    points,
    ticks: ticks ?? Array.from({ length: each.length }, (_, index) => t0 + (index + 1) * step + (lag ?? 0) + after),
    failing: failing.map((index) => t0 + index * step + (lag ?? 0) + after),
    ...(lag === undefined ? {} : { lag }),
  };
}

function repeated(text: string): string[] {
  const [many, value] = text.includes('x') ? (text.split('x') as [string, string]) : ['1', text];
  return Array.from({ length: Number(many) }, () => value);
}

/**
 * When something changed, and to what: `1:01 firing critical`. What was so from the beginning, ok,
 * is left out.
 */
export function changesOf(seen: readonly Seen[]): string[] {
  let last = 'ok';
  return seen.flatMap(({ now, state, severity }) => {
    const is = severity === undefined ? state : `${state} ${severity}`;
    if (is === last) return [];
    last = is;
    return [`${clockOf(now)} ${is}`];
  });
}

/** Hours and minutes since the story began; with seconds where there are any. */
function clockOf(now: number): string {
  const seconds = Math.round((now - t0) / second);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}${seconds % 60 === 0 ? '' : `:${two(seconds % 60)}`}`;
}
