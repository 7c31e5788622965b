import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Alert } from '../../../core/alerting/alerts/alert.ts';
import { endedExternal, type NormalizedAlert, nextExternal, remembersEnd } from '../../../core/alerting/alerts/external.ts';
import { asFingerprint, asGroupKey, asRuleId } from '../../../core/vocabulary/ids.ts';

/** What an Alertmanager knows of an alert; `timeout`: nobody sent its end. */
type Kept = { startsAt: number; endsAt: number; timeout: boolean };

/**
 * Alertmanager as its source has it (provider/mem `Put`, types `Merge`): two activities that
 * overlap become one, of which the younger post decides; otherwise the post replaces what was
 * known.
 */
function put(old: Kept | undefined, post: Kept, now: number): Kept {
  if (old === undefined) return post;
  const inside = (at: number): boolean => at > old.startsAt && at < old.endsAt;
  if (!inside(post.endsAt) && !inside(post.startsAt)) return post;
  const isOver = ({ endsAt }: Kept): boolean => endsAt <= now;
  const startsAt = Math.min(old.startsAt, post.startsAt);
  const oldEndStays = isOver(post) ? isOver(old) && old.endsAt > post.endsAt : old.endsAt > post.endsAt && !old.timeout;
  return { ...post, startsAt, endsAt: oldEndStays ? old.endsAt : post.endsAt };
}

const told = ({ startsAt, endsAt, timeout }: Kept): NormalizedAlert => ({
  fingerprint: asFingerprint('f'),
  ruleId: asRuleId('prom/Down'),
  labels: { alertname: 'Down' },
  category: 'availability',
  groupKey: asGroupKey('g'),
  groupLabels: {},
  severity: 'warn',
  reason: 'it is down',
  external: { source: 'prom', title: 'Down', runbook: 'r', startsAt, endsAt, ...(timeout ? { timeout } : {}) },
});

const time = fc.integer({ min: 1, max: 60 });
const post = fc.record({ at: time, startsAt: fc.option(time), endsAt: fc.option(time), look: fc.boolean() });

test('posts about one alert, in any order, from any number of senders, come to what Alertmanager makes of them', () => {
  let fired = 0;
  fc.assert(
    fc.property(fc.array(post, { maxLength: 12 }), fc.integer({ min: 1, max: 20 }), (all, endsAfter) => {
      let theirs: Kept | undefined;
      let ours: Alert | undefined;
      for (const { at, startsAt, endsAt, look } of all.toSorted((a, b) => a.at - b.at)) {
        // A look between posts changes nothing that a sender could notice.
        const ended = look && ours !== undefined ? endedExternal(ours, () => true, at) : undefined;
        if (ended !== undefined) ours = remembersEnd(ended) ? ended : undefined;
        const end = endsAt ?? at + endsAfter;
        const start = Math.min(startsAt ?? endsAt ?? at, at);
        if (start > end) continue;
        const kept = { startsAt: start, endsAt: end, timeout: endsAt === null };
        theirs = put(theirs, kept, at);
        ours = nextExternal(ours, told(kept), at).alert;
        const isFiring = ours?.state === 'firing' && (ours.external?.endsAt ?? 0) > at;
        expect(isFiring).toBe(theirs.endsAt > at);
        if (!isFiring) continue;
        fired += 1;
        expect(ours?.external?.endsAt).toBe(theirs.endsAt);
      }
    }),
    { numRuns: 2000 },
  );
  expect(fired).toBeGreaterThan(1000);
});
