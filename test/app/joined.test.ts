import { expect, it } from 'vitest';
import { joined } from '../../app/joined.ts';

/** Work that ends when it is let; what it gives is the state at its beginning. */
function slow() {
  let state = 0;
  const ends: (() => void)[] = [];
  const ask = joined(() => {
    const read = state;
    return new Promise<number>((resolve) => ends.push(() => resolve(read)));
  });
  return { ask, ends, change: () => (state += 1) };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('many who ask share one run, and none hears what was there before it asked', async () => {
  const { ask, ends, change } = slow();
  const first = ask();
  change();
  const others = [ask(), ask(), ask()];
  ends[0]?.();
  expect(await first).toBe(0);
  await turn();
  expect(ends).toHaveLength(2);
  ends[1]?.();
  expect(await Promise.all(others)).toEqual([1, 1, 1]);
  const later = ask();
  expect(ends).toHaveLength(3);
  ends[2]?.();
  expect(await later).toBe(1);
});

it('a run that fails is told to who asked for it, and the next one begins', async () => {
  let runs = 0;
  const ask = joined(async () => {
    runs += 1;
    if (runs === 1) throw new Error('once');
    return runs;
  });
  const [first, second] = [ask(), ask()];
  await expect(first).rejects.toThrow('once');
  expect(await second).toBe(2);
});
