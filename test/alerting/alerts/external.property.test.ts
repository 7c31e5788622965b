import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../core/alerting/alerts/alert.ts';
import { endedExternal, type NormalizedAlert, nextExternal, remembersEnd } from '../../../core/alerting/alerts/external.ts';
import { asFingerprint, asGroupKey, asRuleId } from '../../../core/vocabulary/ids.ts';

const told = (startsAt: number, endsAt: number): NormalizedAlert => ({
  fingerprint: asFingerprint('f'),
  ruleId: asRuleId('prom/Down'),
  labels: { alertname: 'Down' },
  category: 'availability',
  groupKey: asGroupKey('g'),
  groupLabels: {},
  severity: 'warn',
  reason: 'it is down',
  external: { source: 'prom', title: 'Down', runbook: 'r', startsAt, endsAt },
});

/** One thing that happens: a post with a start and an end, or a look at what ended by time. */
type Event = { at: number; post?: { startsAt: number; endsAt: number } };

const time = fc.integer({ min: 1, max: 40 });
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ at: time, post: fc.record({ startsAt: time, endsAt: time }) }) },
  { weight: 1, arbitrary: fc.record({ at: time }) },
);
/** In the order in which they happen; a start is at most now, and an end is after its start. */
const events = fc.array(event, { maxLength: 25 }).map((all) =>
  all
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, post }): Event => {
      if (post === undefined) return { at };
      const startsAt = Math.min(post.startsAt, at);
      return { at, post: { startsAt, endsAt: Math.max(post.endsAt, startsAt) } };
    }),
);

function happens(alert: Alert | undefined, { at, post }: Event): { alert: Alert | undefined; change: string | undefined } {
  if (post !== undefined) return nextExternal(alert, told(post.startsAt, post.endsAt), at);
  const ended = alert === undefined ? undefined : endedExternal(alert, () => true, at);
  if (ended === undefined) return { alert, change: undefined };
  return { alert: remembersEnd(ended) ? ended : undefined, change: 'retired' };
}

const isFiring = (alert: Alert | undefined): boolean => alert?.state === 'firing';
const run = (all: readonly Event[]): Alert | undefined => {
  let alert: Alert | undefined;
  for (const one of all) alert = happens(alert, one).alert;
  return alert;
};

describe('posts about one external alert, in any interleaving', () => {
  test('a post that comes again at once changes nothing', () => {
    fc.assert(
      fc.property(events, (all) => {
        let alert: Alert | undefined;
        for (const one of all) {
          alert = happens(alert, one).alert;
          expect(happens(alert, one)).toEqual({ alert, change: undefined });
        }
      }),
    );
  });

  test('the last post decides whether it fires', () => {
    fc.assert(
      fc.property(
        events,
        fc.record({ startsAt: time, endsAt: fc.integer({ min: 30, max: 60 }) }),
        (all, { startsAt, endsAt }) => {
          const now = 41;
          expect(isFiring(nextExternal(run(all), told(Math.min(startsAt, endsAt), endsAt), now).alert)).toBe(endsAt > now);
        },
      ),
    );
  });

  test('repeats of one activity mean the same in every order: it fires until the latest of their ends', () => {
    const repeats = fc.array(fc.integer({ min: 11, max: 60 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(repeats, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), (ends, keys) => {
        const shuffled = ends.map((end, n) => ({ end, key: keys[n] ?? 0 })).toSorted((a, b) => a.key - b.key);
        const [one, other] = [ends, shuffled.map(({ end }) => end)].map((order) =>
          run(order.map((endsAt) => ({ at: 10, post: { startsAt: 5, endsAt } }))),
        );
        expect(one?.external?.endsAt).toBe(Math.max(...ends));
        expect(other).toEqual(one);
      }),
    );
  });

  test('it never fires past the latest end that anybody told of', () => {
    fc.assert(
      fc.property(events, (all) => {
        const alert = run(all);
        const latest = Math.max(0, ...all.map(({ post }) => post?.endsAt ?? 0));
        const last = all.at(-1)?.at ?? 0;
        expect(isFiring(happens(alert, { at: Math.max(latest, last) }).alert)).toBe(false);
      }),
    );
  });

  test('nothing of it is remembered for ever', () => {
    fc.assert(
      fc.property(events, (all) => {
        const end = happens(run(all), { at: 10_000_000 }).alert;
        expect(end).toBeUndefined();
      }),
    );
  });
});
