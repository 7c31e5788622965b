import { expect, it } from 'vitest';
import type { Store } from '../../app/ports/store.ts';
import { mostFeatures } from '../../core/telemetry/training/training.ts';
import { commitOf, committed, day, exampleFeatures, exampleServing, exampleTraining, t0 } from './store-examples.ts';

export function trainingContract(store: () => Store): void {
  it('keeps the profiles of 500 features with the version that was trained on them', async () => {
    const features = exampleFeatures(mostFeatures);
    const write = exampleTraining(features);
    await committed(store(), { writes: [write] });
    expect(await store().training('app', '7')).toEqual(write.value);
    expect(await store().trainingFeatures(write.value)).toEqual(features);
    expect(await store().training('app', '8')).toBeUndefined();
    expect(await store().training('other', '7')).toBeUndefined();
  });

  it('lists the trainings of one source by their versions', async () => {
    for (const modelVersion of ['b', 'a'])
      await committed(store(), { writes: [exampleTraining(exampleFeatures(1), { modelVersion })] });
    await committed(store(), { writes: [exampleTraining(exampleFeatures(1), { source: 'other' })] });
    expect((await store().trainings('app')).map(({ modelVersion }) => modelVersion)).toEqual(['a', 'b']);
    expect(await store().trainings('nothing')).toEqual([]);
  });

  it('replaces a training whole, over the version that was read only, and leaves nothing of the one before', async () => {
    const first = exampleTraining(exampleFeatures(20));
    await committed(store(), { writes: [first] });
    const fewer = exampleTraining(exampleFeatures(3, 1), { dataset: '2026-02', digest: 'd2' }, first.value);
    expect(await store().commit(commitOf({ writes: [{ ...fewer, expected: 0 }] }))).toBe('conflict');
    expect(await store().trainingFeatures(first.value)).toEqual(exampleFeatures(20));
    expect(await store().commit(commitOf({ writes: [fewer] }))).toBe('committed');
    expect(await store().training('app', '7')).toEqual(fewer.value);
    expect(await store().trainingFeatures(fewer.value)).toEqual(exampleFeatures(3, 1));
    expect(await store().trainingFeatures(first.value)).toBeUndefined();
    const none = exampleTraining({}, { digest: 'd3' }, fewer.value);
    await committed(store(), { writes: [none] });
    expect(await store().trainingFeatures(none.value)).toEqual({});
  });

  it('drops a training with all its parts, and takes it anew', async () => {
    const first = exampleTraining(exampleFeatures(20));
    await committed(store(), { writes: [first] });
    const gone = { kind: 'training gone', source: 'app', modelVersion: '7', partsBefore: first.value.parts } as const;
    expect(await store().commit(commitOf({ writes: [{ ...gone, expected: 2 }] }))).toBe('conflict');
    expect(await store().trainingFeatures(first.value)).toEqual(exampleFeatures(20));
    expect(await store().commit(commitOf({ writes: [{ ...gone, expected: 1 }] }))).toBe('committed');
    expect(await store().training('app', '7')).toBeUndefined();
    expect(await store().trainings('app')).toEqual([]);
    expect(await store().trainingFeatures(first.value)).toBeUndefined();
    const anew = exampleTraining(exampleFeatures(1, 3));
    await committed(store(), { writes: [anew] });
    expect(await store().trainingFeatures(anew.value)).toEqual(exampleFeatures(1, 3));
  });

  it('keeps names of features as they are, and outlives the end of what expires', async () => {
    const odd = Object.fromEntries(
      ['__proto__', 'constructor', 'ä精', ''].map((name, n) => [name, exampleFeatures(n + 1)[`feature ${n}`] as never]),
    );
    const write = exampleTraining(odd, { modelVersion: '\ud800 / #' });
    await committed(store(), { writes: [write] });
    await store().prune(t0 + 1000 * day);
    expect(Object.entries((await store().trainingFeatures(write.value)) ?? {}).sort()).toEqual(Object.entries(odd).sort());
  });

  it('knows what serves of each source', async () => {
    const value = exampleServing({ before: [{ modelVersion: '6', since: t0 - day, until: t0 }] });
    await committed(store(), { writes: [{ kind: 'serving', value, expected: 0 }] });
    expect(await store().serving('app')).toEqual(value);
    expect(await store().serving('other')).toBeUndefined();
  });
}
