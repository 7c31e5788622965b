import { productOf } from './product.ts';
import { referenceOf } from './reference.ts';
import { ruleOf, type Seen, type Story } from './story.ts';
import { t0 } from './written.ts';

export type Difference = { story: Story; index: number; reference: Seen; product: Seen; what: string };

/** What differs at a tick, in a word, or undefined. */
export function differenceAt(reference: Seen, product: Seen): string | undefined {
  if ((reference.found === undefined) !== (product.found === undefined)) return 'evaluated';
  if (reference.state !== product.state) return 'state';
  if (reference.severity !== product.severity) return 'severity';
  if (reference.found === undefined || product.found === undefined) return undefined;
  if (reference.found.kind !== product.found.kind) return 'kind';
  // Of silence nothing is compared with a baseline.
  if (reference.found.kind === 'no data') return undefined;
  const [a, b] = [reference.found.baseline, product.found.baseline];
  if (a === b) return undefined;
  return a === undefined || b === undefined || Math.abs(a - b) > 1e-9 * Math.max(1, Math.abs(a)) ? 'baseline' : undefined;
}

export function firstDifference(story: Story, product: readonly Seen[]): Difference | undefined {
  const reference = referenceOf(story);
  for (const [index, one] of reference.entries()) {
    const other = product[index] as Seen;
    const what = differenceAt(one, other);
    if (what !== undefined) return { story, index, reference: one, product: other, what };
  }
  return undefined;
}

export async function differencesOf(stories: readonly Story[]): Promise<Difference[]> {
  const seen = await productOf(stories);
  return stories.flatMap((story, index) => firstDifference(story, seen[index] as Seen[]) ?? []);
}

/** The smallest story found that still differs in the same way. */
export async function shrink(difference: Difference, budget = 600): Promise<Difference> {
  let best = difference;
  let left = budget;
  const tryOut = async (story: Story): Promise<boolean> => {
    if (left-- <= 0 || story.points.length === 0 || story.ticks.length === 0) return false;
    try {
      const [found] = await differencesOf([story]);
      if (found?.what !== best.what) return false;
      best = found;
      return true;
    } catch {
      return false;
    }
  };
  for (let isBetter = true; isBetter && left > 0; ) {
    isBetter = false;
    const cut = best.story.ticks.slice(0, best.index + 1);
    if (cut.length < best.story.ticks.length) isBetter = (await tryOut({ ...best.story, ticks: cut })) || isBetter;
    const end = best.story.ticks.at(-1) as number;
    const seen = best.story.points.filter((p) => p.at <= end);
    if (seen.length < best.story.points.length) isBetter = (await tryOut({ ...best.story, points: seen })) || isBetter;
    for (const key of Object.keys(best.story.rule)) {
      if (key === 'threshold' || key === 'degradation' || key === 'step') continue;
      const { [key as 'for']: _, ...rule } = best.story.rule;
      isBetter = (await tryOut({ ...best.story, rule })) || isBetter;
    }
    for (const list of ['points', 'ticks'] as const) {
      for (let size = Math.ceil(best.story[list].length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
        for (let from = 0; from < best.story[list].length; ) {
          const rest = best.story[list].toSpliced(from, size) as never;
          if (await tryOut({ ...best.story, [list]: rest })) isBetter = true;
          else from += size;
        }
      }
    }
    if (best.story.failing !== undefined) isBetter = (await tryOut({ ...best.story, failing: [] })) || isBetter;
    if (best.story.points.some((p) => p.knownAt > p.at)) {
      isBetter = (await tryOut({ ...best.story, points: best.story.points.map((p) => ({ ...p, knownAt: 0 })) })) || isBetter;
    }
    for (const [index, { count, ...point }] of best.story.points.entries()) {
      if (count !== undefined)
        isBetter = (await tryOut({ ...best.story, points: best.story.points.with(index, point) })) || isBetter;
    }
  }
  return best;
}

/** Both sides of a story, one line a tick. */
export async function told({ story, index, what }: Difference): Promise<string> {
  const [product] = await productOf([story]);
  const reference = referenceOf(story);
  const { step } = ruleOf(story);
  const time = (at: number): string => String(Math.round(((at - t0) / step) * 1000) / 1000);
  const points = story.points.map(
    ({ at, value, count, knownAt }) =>
      `${time(at)}:${value}${count === undefined ? '' : `#${count}`}${knownAt > at ? ` (known ${time(knownAt)})` : ''}`,
  );
  const line = (seen: Seen | undefined): string =>
    `${seen?.state}${seen?.severity === undefined ? '' : ` ${seen.severity}`} | ${seen?.found === undefined ? 'not evaluated' : `${seen.found.kind}, baseline ${seen.found.baseline} | ${seen.found.reason}`}`;
  const lines = story.ticks.flatMap((now, at) => {
    const differs = differenceAt(reference[at] as Seen, product?.[at] as Seen) !== undefined;
    return [`${differs ? '>' : ' '} ${time(now)}  reference: ${line(reference[at])}`, `      product: ${line(product?.[at])}`];
  });
  return [
    `${what} differs at tick ${index}; times in steps`,
    JSON.stringify(story.rule),
    `lag ${(story.lag ?? 0) / step}, failing ${(story.failing ?? []).map(time).join(' ')}`,
    points.join(' '),
    ...lines,
  ].join('\n');
}
