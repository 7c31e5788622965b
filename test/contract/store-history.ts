import { expect, it } from 'vitest';
import type { HistoryOf } from '../../app/ports/judgement-store.ts';
import type { Store } from '../../app/ports/store.ts';
import type { HistoryEntry } from '../../core/alerting/judgements/history/entry.ts';
import { asFingerprint, asRuleId } from '../../core/vocabulary/ids.ts';
import { day, minute, t0 } from './store-examples.ts';
import type { StoreTraits } from './store-samples.ts';

export const exampleHistoryEntry = (changes: Partial<HistoryEntry> = {}): HistoryEntry => ({
  at: t0,
  judgedAt: t0 + 1000,
  status: 'warn',
  reason: 'accuracy 0.7 is 12 % below its baseline 0.8',
  value: 0.7,
  count: 120,
  baseline: 0.8,
  warn: 0.76,
  critical: 0.72,
  ...changes,
});

export const exampleHistoryOf = (changes: Partial<HistoryOf> = {}): HistoryOf => ({
  rule: asRuleId('churn-accuracy'),
  fingerprint: asFingerprint('f1'),
  level: 'fine',
  ...changes,
});

export function historyContract(store: () => Store, traits: StoreTraits): void {
  const add = (entries: readonly HistoryEntry[], of: HistoryOf = exampleHistoryOf(), expiresAt = t0 + day) =>
    store().addHistory(entries.map((entry) => ({ ...of, entry, expiresAt })));
  const entries = (of: HistoryOf = exampleHistoryOf(), span = { from: t0 - day, to: t0 + day }, limit = 1000) =>
    store().history(of, span, limit);
  const at = (n: number, changes: Partial<HistoryEntry> = {}) =>
    exampleHistoryEntry({ at: t0 + n * minute, judgedAt: t0 + n * minute + 1000, ...changes });

  it('gives entries back as they were, oldest first, from the first moment to before the last', async () => {
    const first = at(0, { first: { judgedAt: t0, status: 'ok', value: 0.8 }, of: { points: 3, low: -1e-9, high: 1e300 } });
    await add([at(2, { provisional: 'labels' }), first, at(1)]);
    expect(await entries()).toEqual([first, at(1), at(2, { provisional: 'labels' })]);
    expect(await entries(exampleHistoryOf(), { from: t0, to: t0 + 2 * minute })).toEqual([first, at(1)]);
  });

  it('keeps what was judged again beside what was judged first, and replaces what is written again', async () => {
    const again = at(0, { judgedAt: t0 + day, value: 0.9, status: 'ok' });
    await add([at(0)]);
    await add([again, at(0, { reason: 'written again' })]);
    expect(await entries()).toEqual([at(0, { reason: 'written again' }), again]);
  });

  it('keeps series and levels apart', async () => {
    await add([at(0)]);
    await add([at(1)], exampleHistoryOf({ level: 'hour' }));
    await add([at(2)], exampleHistoryOf({ fingerprint: asFingerprint('f2') }));
    expect(await entries()).toEqual([at(0)]);
    expect(await entries(exampleHistoryOf({ level: 'hour' }))).toEqual([at(1)]);
    expect(await entries(exampleHistoryOf({ fingerprint: asFingerprint('f2') }))).toEqual([at(2)]);
    expect(await entries(exampleHistoryOf({ fingerprint: asFingerprint('f3') }))).toEqual([]);
  });

  it('gives the newest of many', async () => {
    const all = Array.from({ length: 130 }, (_, n) => at(n));
    await add(all);
    expect(await entries(exampleHistoryOf(), undefined, 3)).toEqual(all.slice(-3));
    expect(await entries()).toEqual(all);
  });

  it.runIf(traits.prunes)('drops what has expired', async () => {
    await add([at(0)], exampleHistoryOf(), t0 + minute);
    await add([at(1)], exampleHistoryOf(), t0 + 2 * minute);
    expect(await store().prune(t0 + minute)).toBe(1);
    expect(await entries()).toEqual([at(1)]);
  });
}
