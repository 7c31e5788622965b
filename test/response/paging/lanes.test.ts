import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../core/response/outbox/effect.ts';
import { laneOf, priorityOf, receiverOf } from '../../../core/response/outbox/lanes.ts';
import { afterPage, freeAt } from '../../../core/response/outbox/page-slot.ts';
import { asEffectId, asFingerprint, asIncidentId } from '../../../core/vocabulary/ids.ts';
import { examplePageEffect, exampleWake, minute, t0 } from '../../contract/store-examples.ts';

const about = { id: asEffectId('inc-1#1#9'), incidentId: asIncidentId('inc-1'), createdAt: t0 };
const rollback: Effect = {
  ...about,
  kind: 'rollback',
  rollback: 'r',
  deployment: 'd',
  from: '2',
  to: '1',
  requestId: 'q',
  by: 'tocsin',
};
const inspect: Effect = { ...about, kind: 'describe_deployment', rollback: 'r', fingerprint: asFingerprint('f'), by: 'tocsin' };
const hook = (url: string) => [{ kind: 'webhook' as const, url, secret: 'HOOK' }];

describe('the order of what is due', () => {
  it('is calls for a critical incident, remedies, other pages, and then messages and timers', () => {
    expect(priorityOf(examplePageEffect({ reason: 'escalated' }))).toBe(0);
    expect([rollback, inspect].map(priorityOf)).toEqual([1, 1]);
    expect(priorityOf(examplePageEffect({ severity: 'warn' }))).toBe(2);
    expect(priorityOf(examplePageEffect({ reason: 'resolved' }))).toBe(2);
    expect(priorityOf(exampleWake())).toBe(3);
  });
});

describe('a lane', () => {
  it('is one person by one contact method, whether on call or meant by name', () => {
    const byName = laneOf(examplePageEffect({ target: { kind: 'responder', name: 'ana' } }));
    expect(laneOf(examplePageEffect({ target: { kind: 'schedule', name: 'ml', responder: 'ana' } }))).toBe(byName);
    expect(laneOf(examplePageEffect({ target: { kind: 'responder', name: 'ben' } }))).not.toBe(byName);
    expect(
      laneOf(
        examplePageEffect({
          target: { kind: 'responder', name: 'ana' },
          contacts: [{ kind: 'slack' as const, channel: '#ana' }],
        }),
      ),
    ).not.toBe(byName);
  });

  it('of a webhook names the host only, and is another one for each address', () => {
    const [a, b] = ['a', 'b'].map((path) =>
      examplePageEffect({ contacts: hook(`https://hook.example:8443/${path}?token=secret`) }),
    );
    expect(laneOf(a as Effect)).not.toBe(laneOf(b as Effect));
    expect(laneOf(a as Effect)).not.toContain('secret');
    expect([a, b].map((effect) => receiverOf(effect as Effect))).toEqual(Array(2).fill('webhook host hook.example:8443'));
  });

  it('of a remedy is its own: the hook of one deployment holds up no other', () => {
    expect(new Set([rollback, inspect, { ...rollback, deployment: 'e' }].map(receiverOf)).size).toBe(3);
  });
});

describe('the time of the next page of a lane', () => {
  const free = (slot: Parameters<typeof freeAt>[0], urgent: boolean, now: number): number =>
    freeAt(slot, urgent, minute, now) - now;

  it('is at once for the first, and an interval later for what follows', () => {
    expect(free(undefined, false, t0)).toBe(0);
    expect(free(afterPage(undefined, false, t0), false, t0 + 1000)).toBe(minute - 1000);
    expect(free(afterPage(undefined, false, t0), false, t0 + minute)).toBe(0);
  });

  it('is at once for a critical page after a warning, and not after another critical one', () => {
    const warned = afterPage(undefined, false, t0);
    expect(free(warned, true, t0 + 1000)).toBe(0);
    const called = afterPage(warned, true, t0 + 1000);
    expect(free(called, true, t0 + 2000)).toBe(minute - 1000);
    expect(free(afterPage(called, false, t0 + minute), true, t0 + minute + 1000)).toBe(0);
  });

  it('is kept by a worker whose clock is a moment behind, and by no clock that has stepped back', () => {
    expect(free({ at: t0 + 5 }, false, t0)).toBe(minute + 5);
    expect(free({ at: t0 + 60 * minute }, false, t0)).toBe(0);
  });
});
