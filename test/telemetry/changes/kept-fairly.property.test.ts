import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keptFairly } from '../../../core/telemetry/changes/kept-fairly.ts';
import { asChangeId } from '../../../core/vocabulary/ids.ts';
import { exampleChange } from '../../contract/store-examples.ts';

const t0 = Date.UTC(2026, 0, 5);
const change = (sender: string, thing: string, n: number) =>
  exampleChange({ id: asChangeId(`chg-${n}`), at: t0 - n, sender, labels: { model: thing } });
const keptOf = (changes: readonly ReturnType<typeof change>[]) => {
  const kept = keptFairly();
  for (const one of changes) kept.take(one);
  return kept.all();
};

it('a sender that floods, with one thing or with many, loses its own and nothing of others', () => {
  const name = fc.constantFrom('ci', 'cd', 'mlflow');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(name, fc.constantFrom('a', 'b', 'c')), { maxLength: 25 }),
      fc.nat(600),
      fc.boolean(),
      (others, size, isOneThing) => {
        const flood = Array.from({ length: size }, (_, n) => change('flood', isOneThing ? 'x' : `x${n}`, n));
        const quiet = others.map(([sender, thing], n) => change(sender, thing, size + n));
        const kept = keptOf([...flood, ...quiet]);
        expect(kept.filter(({ sender }) => sender !== 'flood')).toEqual(keptOf(quiet));
        expect(kept.filter(({ sender }) => sender === 'flood')).toEqual(flood.slice(0, isOneThing ? 10 : 100));
      },
    ),
  );
});

it('one sender that tells of many things keeps the newest of each', () => {
  const changes = Array.from({ length: 90 }, (_, n) => change('ci', n % 3 === 0 ? 'seldom' : 'often', n));
  const kept = keptOf(changes);
  expect(kept.filter(({ labels }) => labels['model'] === 'seldom').map(({ at }) => t0 - at)).toEqual(
    Array.from({ length: 10 }, (_, n) => 3 * n),
  );
  expect(kept).toHaveLength(20);
});
