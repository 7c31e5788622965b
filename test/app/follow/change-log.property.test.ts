import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Change, listKinds } from '../../../app/follow/change.ts';
import { changeLog, mostKept } from '../../../app/follow/change-log.ts';
import { gathered, mostNamed } from '../../../app/follow/gathered.ts';
import { type Told, tellingsOf } from '../../../app/follow/told.ts';

/** What a service has, by the names of things; a number grows with each change. */
type World = { incident: Map<string, number>; rule: Map<string, number>; list: Map<string, number> };
const world = (): World => ({ incident: new Map(), rule: new Map(), list: new Map() });

/** Shows what it asked for, and asks again for what it is told of. */
function clientOf(now: World): { shown: World; hear(told: Told): void } {
  const shown = world();
  const all = (of: keyof World): void => {
    shown[of] = new Map(now[of]);
  };
  const one = (of: keyof World, name: string): void => {
    const value = now[of].get(name);
    if (value !== undefined) shown[of].set(name, value);
  };
  return {
    shown,
    hear(told) {
      switch (told.kind) {
        case 'reset':
          for (const of of ['incident', 'rule', 'list'] as const) all(of);
          break;
        case 'incident':
          one('incident', told.id);
          break;
        case 'incidents':
          all('incident');
          break;
        case 'rules':
          if (told.rules === undefined) all('rule');
          for (const rule of told.rules ?? []) one('rule', rule);
          break;
        default:
          one('list', told.kind);
      }
    },
  };
}

type Step =
  | { do: 'incidents'; from: number; count: number }
  | { do: 'rules'; from: number; count: number }
  | { do: 'list'; kind: (typeof listKinds)[number] }
  /** Time for what was gathered to be told. */
  | { do: 'tell' }
  /** A client takes what there is, and loses its connection after as many of it. */
  | { do: 'hear'; client: 0 | 1; most: number };

const few = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 4 }) }, fc.integer({ min: 40, max: 1500 }));
const from = fc.integer({ min: 0, max: 2000 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('incidents' as const), from, count: few }),
  fc.record({ do: fc.constant('rules' as const), from, count: few }),
  fc.record({ do: fc.constant('list' as const), kind: fc.constantFrom(...listKinds) }),
  fc.record({ do: fc.constant('tell' as const) }),
  fc.record({ do: fc.constant('hear' as const), client: fc.constantFrom(0, 1), most: fc.nat({ max: 6 }) }),
);

describe('who follows', () => {
  it('shows what there is once it has heard all, wherever its connection broke and whatever was put together', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, isOneByOne) => {
        const now = world();
        const log = changeLog('e');
        const waiting = gathered();
        const clients = [0, 1].map(() => ({ ...clientOf(now), id: undefined as string | undefined }));
        const tell = (): void => log.add(waiting.take());
        const change = (of: keyof World, name: string, told: Change): void => {
          now[of].set(name, (now[of].get(name) ?? 0) + 1);
          waiting.add(told);
          if (isOneByOne) tell();
        };
        const hear = (client: (typeof clients)[number], most: number): void => {
          const place = log.placeOf(client.id);
          const after = 'reset' in place ? place : log.after(place.place);
          if ('reset' in after) {
            client.hear({ kind: 'reset', reason: after.reset });
            client.id = log.idOf(log.last());
            return;
          }
          for (const { place: at, told } of tellingsOf(after.changes).slice(0, most)) {
            client.hear(told);
            client.id = log.idOf(at);
          }
        };
        for (const one of steps) {
          switch (one.do) {
            case 'incidents':
              for (let n = one.from; n < one.from + one.count; n += 1)
                change('incident', `i${n}`, { kind: 'incident', id: `i${n}`, version: (now.incident.get(`i${n}`) ?? 0) + 1 });
              break;
            case 'rules':
              for (let n = one.from; n < one.from + one.count; n += 1)
                change('rule', `r${n}`, { kind: 'rule', id: `r${n}`, at: n });
              break;
            case 'list':
              change('list', one.kind, { kind: one.kind });
              break;
            case 'tell':
              tell();
              break;
            case 'hear':
              hear(clients[one.client] as (typeof clients)[number], one.most);
          }
        }
        tell();
        for (const client of clients) {
          hear(client, Number.POSITIVE_INFINITY);
          hear(client, Number.POSITIVE_INFINITY);
          expect(client.shown).toEqual(now);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is never told more at a time than a few names and each list once', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const log = changeLog('e');
        for (const one of steps) {
          if (one.do === 'list') log.add([{ kind: one.kind }]);
          if (one.do !== 'incidents' && one.do !== 'rules') continue;
          for (let n = one.from; n < one.from + one.count; n += 1)
            log.add([one.do === 'rules' ? { kind: 'rule', id: `${n}`, at: n } : { kind: 'incident', id: `${n}`, version: 1 }]);
        }
        const after = log.after(0);
        const changes = 'changes' in after ? after.changes : [];
        expect(changes.length).toBeLessThanOrEqual(mostKept);
        expect(tellingsOf(changes).length).toBeLessThanOrEqual(mostNamed + 1 + listKinds.length);
      }),
    );
  });
});

describe('a log of changes', () => {
  it('keeps as many things as it may, and one of them however often it changes', () => {
    const log = changeLog('e');
    for (let n = 1; n <= 10_000; n += 1) log.add([{ kind: 'incident', id: 'a', version: n }]);
    expect(log.after(0)).toEqual({ changes: [{ place: 10_000, change: { kind: 'incident', id: 'a', version: 10_000 } }] });
    for (let n = 0; n < mostKept; n += 1) log.add([{ kind: 'incident', id: `${n}`, version: 1 }]);
    expect(log.after(9_999)).toEqual({ reset: 'too old' });
    expect(log.after(10_000)).toMatchObject({ changes: { length: mostKept } });
  });

  it.each([
    [undefined, 'first'],
    ['', 'first'],
    ['f-1', 'another process'],
    ['e-3', 'another process'],
    ['e', 'another process'],
    ['e-1x', 'another process'],
    ['e-99999999999999999999', 'another process'],
  ])('does not know the id %j', (id, reset) => {
    const log = changeLog('e');
    log.add([{ kind: 'alerts' }, { kind: 'silences' }]);
    expect(log.placeOf(id)).toEqual({ reset });
    expect(log.placeOf('e-2')).toEqual({ place: 2 });
  });
});
