import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  changeCursor,
  changeKinds,
  changeOf,
  changePlaceOf,
  isOlderChange,
  newestChangeFirst,
  type ToldChange,
} from '../../../core/telemetry/changes/change.ts';
import { changeText } from '../../../core/telemetry/changes/change-text.ts';
import { parseChanges } from '../../../core/telemetry/changes/posted-change.ts';
import { storedChange } from '../../../core/telemetry/changes/stored-change.ts';

const told = (more: Partial<ToldChange> = {}): ToldChange => ({ kind: 'deploy', labels: { model: 'churn' }, ...more });

describe('the sentence of a change', () => {
  it.each([
    ['deploy', { model: 'churn', environment: 'prod' }, '7', '8', 'model churn deployed, 7 → 8 (prod)'],
    ['rollback', { service: 'checkout' }, undefined, '7', 'service checkout rolled back, 7'],
    ['flag', { flag: 'ranker', model: 'churn' }, 'off', 'on', 'flag ranker switched, off → on'],
    ['data', { dataset: 'orders', pipeline: 'nightly' }, undefined, undefined, 'dataset orders replaced'],
    ['config', { service: 'checkout' }, 'a', undefined, 'service checkout changed, from a'],
    ['registry', { model: 'churn', alias: 'champion' }, '7', '8', 'model churn moved in the registry, 7 → 8'],
    ['other', { team: 'ml' }, undefined, undefined, 'team ml changed'],
  ] as const)('of the kind %s says what was changed', (kind, labels, from, to, text) => {
    const versions = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    expect(changeText({ kind, labels, ...versions })).toBe(text);
  });

  it('is that of its sender, where it gives one', () => {
    expect(changeText({ kind: 'deploy', labels: { model: 'churn' }, summary: 'Deployed v8' })).toBe('Deployed v8');
  });
});

describe('what tells one change from another', () => {
  it('is its key, whatever else it says and whenever it comes', () => {
    const id = (more: Partial<ToldChange>, now = 0) => changeOf(told({ key: 'run-1', ...more }), 'key:ci', now).id;
    expect(new Set([id({}), id({}, 9), id({ to: '8' }), id({ at: 5 }), id({ kind: 'rollback' })]).size).toBe(1);
    expect(id({ key: 'run-2' })).not.toBe(id({}));
  });

  it('is all that it says and when, where it has no key; the order of labels does not matter', () => {
    const id = (more: Partial<ToldChange>) => changeOf(told({ at: 1, ...more }), 'key:ci', 9).id;
    expect(id({ labels: { a: '1', b: '2' } })).toBe(id({ labels: { b: '2', a: '1' } }));
    const others = [{}, { at: 2 }, { to: '8' }, { from: '8' }, { by: 'ana' }, { summary: '8' }, { link: 'https://x.example' }];
    expect(new Set(others.map(id)).size).toBe(others.length);
  });

  it('is its sender, too', () => {
    expect(changeOf(told({ key: '1' }), 'key:a', 0).id).not.toBe(changeOf(told({ key: '1' }), 'key:b', 0).id);
  });
});

describe('the list of changes', () => {
  const place = fc
    .record({ at: fc.nat(5), n: fc.nat(5) })
    .map(({ at, n }) => ({ at, id: changeOf(told({ key: `${n}` }), 'a', 0).id }));

  it('has one order, in which a cursor names a place', () => {
    fc.assert(
      fc.property(place, place, (a, b) => {
        expect(changePlaceOf(changeCursor(a))).toEqual(a);
        const order = newestChangeFirst(a, b);
        expect(isOlderChange(b, a)).toBe(order < 0 && (a.at !== b.at || a.id !== b.id));
      }),
    );
  });

  it('knows a text that is no cursor', () => {
    fc.assert(
      fc.property(
        fc.string(),
        (text) => void expect(/^\d{1,16}-chg-[0-9a-f]+$/.test(text) || changePlaceOf(text) === undefined).toBe(true),
      ),
    );
  });
});

it('anything at all is read, or refused with a reason, and what is read can be kept', () => {
  const field = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('https://ci.example', 'javascript:x', '2026-01-05T09:00:00Z', '\u0000', '\ud800'),
  );
  const some = fc.record(
    {
      kind: fc.oneof(fc.constantFrom(...changeKinds), field),
      labels: fc.oneof(
        fc.dictionary(
          fc.constantFrom('model', 'environment', 'a\nb', 'x'),
          fc.constantFrom('churn', 'a\nb', '\u202eb', '精', 'x\u2028y'),
        ),
        field,
      ),
      ...{ summary: field, version: field, previousVersion: field, by: field, timestamp: field, link: field, id: field },
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(some, fc.jsonValue()), (value) => {
      const { records, rejected } = parseChanges([{ index: 0, value }]);
      expect(records.length + rejected.length).toBe(1);
      for (const { value: change } of records) {
        const kept = changeOf(change, 'key:ci', 0);
        expect(storedChange.decode(storedChange.encode(kept))).toEqual({ ok: true, value: JSON.parse(JSON.stringify(kept)) });
        const texts = [
          kept.summary,
          kept.from,
          kept.to,
          kept.by,
          kept.link,
          ...Object.keys(kept.labels),
          ...Object.values(kept.labels),
        ];
        for (const text of texts) expect(text === undefined || (text.isWellFormed() && !text.includes('\0'))).toBe(true);
        expect(kept.link === undefined || /^https?:/i.test(kept.link)).toBe(true);
        expect(changeText(kept)).not.toMatch(/[\n\r\u2028\u202e]/);
      }
    }),
    { numRuns: 500 },
  );
});
