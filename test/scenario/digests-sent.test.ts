import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliverDue } from '../../app/deliver/deliver.ts';
import { sendDigests } from '../../app/digest/send-digests.ts';
import { type DigestMessage, everyChannel } from '../../app/ports/channel.ts';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { contactKey } from '../../core/response/contacts/contact.ts';
import { lastDueAt } from '../../core/response/digests/due.ts';
import { errorsOf } from '../config/errors-of.ts';
import { hour, minute, type Part, type Story, storyOf, t0 } from './harness.ts';

const day = 24 * hour;
const daily: Part = {
  digests: { morning: { tell: [{ channel: 'room' }], every: 'day', at: '08:00', timezone: 'Europe/Berlin' } },
};
type Got = { at: number; contact: string; digest: DigestMessage; key: string };

/** A story with a board for digests. `fails`: how a contact answers. */
function withBoard(story: Story, fails: (contact: string) => DeliveryError | undefined = () => undefined) {
  const got: Got[] = [];
  const channel = {
    ...story.phones.channel,
    digest: async (to: Parameters<typeof contactKey>[0], digest: DigestMessage, key: string) => {
      const error = fails(contactKey(to));
      if (error !== undefined) throw error;
      got.push({ at: story.clock.now(), contact: contactKey(to), digest, key });
      return {};
    },
  };
  const ports: Ports = { ...story.ports, channels: everyChannel(channel) };
  const look = async (at: number): Promise<void> => {
    story.clock.set(at);
    await sendDigests(ports, at);
    await deliverDue(ports, at);
  };
  return { got, ports, look };
}

describe('a digest that is sent', () => {
  it('is sent once a day at its local time, to everybody it names, and is in the audit log', async () => {
    const story = storyOf(daily);
    const { got, look } = withBoard(story);
    for (let at = t0; at < t0 + 3 * day; at += 10 * minute) await look(at);
    // 08:00 in Berlin is 07:00 UTC in winter; t0 is 09:00 UTC.
    expect(got.map(({ at }) => at - t0)).toEqual([22 * hour, 46 * hour, 70 * hour]);
    expect(got[0]).toMatchObject({
      contact: 'sns:room',
      digest: { title: 'Digest morning', lines: expect.arrayContaining(['Nobody was paged']) },
    });
    expect(await story.store.auditLog(10)).toMatchObject([
      { kind: 'digest', actor: 'tocsin', text: 'the digest morning goes to channel/room' },
      { kind: 'digest' },
      { kind: 'digest' },
    ]);
  });

  it('is not sent twice: not by two processes, nor after a crash at any place, nor when its note is lost', async () => {
    const story = storyOf(daily);
    const { got, ports, look } = withBoard(story);
    await look(t0);
    story.clock.set(t0 + 23 * hour);
    await Promise.all([sendDigests(ports, t0 + 23 * hour), sendDigests(ports, t0 + 23 * hour)]);
    const crashed = { ...ports, store: { ...ports.store, setMeta: () => Promise.reject(new Error('crash')) } };
    await sendDigests(crashed, t0 + 23 * hour).catch(() => undefined);
    await ports.store.setMeta('digests sent', `{"sent":{"morning":${t0 - 26 * hour}},"v":1}`);
    await look(t0 + 23 * hour);
    await look(t0 + 23 * hour + minute);
    expect(got).toHaveLength(1);
  });

  it('after a pause is one, and tells of all the time since the last', async () => {
    const story = storyOf(daily);
    const { got, look } = withBoard(story);
    await look(t0);
    await look(t0 + 22 * hour);
    await look(t0 + 100 * hour);
    expect(got).toHaveLength(2);
    expect(got[1]?.digest.lines[0]).toBe('From 2026-01-06 07:00 UTC to 2026-01-09 07:00 UTC');
  });

  it('goes to the next contact method, is tried again for an hour, and escalates nothing', async () => {
    const part: Part = {
      responders: { ana: { name: 'Ana', contacts: [{ sns: 'ana' }, { slack: '#ana' }] } },
      policies: { duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '15m' }] } },
      digests: { morning: { tell: [{ responder: 'ana' }], every: 'day', timezone: 'UTC' } },
    };
    const dead = new DeliveryError('gone', { retryable: false });
    const busy = new DeliveryError('busy', { retryable: true });
    const first = storyOf(part);
    const one = withBoard(first, (contact) => (contact === 'sns:ana' ? dead : undefined));
    await one.look(t0);
    await one.look(t0 + 23 * hour);
    expect(one.got.map(({ contact }) => contact)).toEqual(['slack:#ana']);
    const second = storyOf(part);
    const two = withBoard(second, () => busy);
    await two.look(t0);
    for (let at = t0 + 23 * hour; at < t0 + 26 * hour; at += minute) await two.look(at);
    expect(await second.store.nextDueAt()).toBeUndefined();
    expect(await second.incidents()).toEqual([]);
  });

  it('must be for somebody', () => {
    expect(errorsOf('digests: { d: { tell: [{ channel: nowhere }], every: day, timezone: UTC } }').join()).toContain(
      'digests.d.tell[0]',
    );
    expect(errorsOf('digests: { d: { tell: [{ responder: ana }], every: day, on: tue, timezone: UTC } }').join()).toContain(
      'remove it',
    );
  });
});

describe('when a digest is due', () => {
  const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'Asia/Kathmandu'];
  const two = (n: number): string => String(n).padStart(2, '0');

  it('is once each local day, and each local week, whatever clocks do', async () => {
    const times = fc.integer({ min: Date.UTC(2011, 0, 1), max: Date.UTC(2030, 0, 1) });
    await fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        times,
        fc.nat(23),
        fc.nat(59),
        fc.boolean(),
        (timezone, now, hours, minutes, isWeekly) => {
          const at = `${two(hours)}:${two(minutes)}`;
          const digest = { every: isWeekly ? ('week' as const) : ('day' as const), at, timezone };
          const due = lastDueAt(digest, now);
          expect(due).toBeLessThanOrEqual(now);
          expect(lastDueAt(digest, due)).toBe(due);
          const before = lastDueAt(digest, due - 1);
          const span = (due - before) / hour;
          // A day has 23 to 25 hours, and Samoa once skipped one.
          expect(span).toBeGreaterThanOrEqual(isWeekly ? 167 : 22.5);
          expect(span).toBeLessThanOrEqual(isWeekly ? 169 + 168 : 49);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('moves forward by the gap where clocks skip its time, and is the first of two equal ones', () => {
    const berlin = { every: 'day' as const, at: '02:30', timezone: 'Europe/Berlin' };
    expect(new Date(lastDueAt(berlin, Date.UTC(2026, 2, 29, 12))).toISOString()).toBe('2026-03-29T01:30:00.000Z');
    expect(new Date(lastDueAt(berlin, Date.UTC(2026, 9, 25, 12))).toISOString()).toBe('2026-10-25T00:30:00.000Z');
    const monday = { every: 'week' as const, on: 'mon' as const, at: '08:00', timezone: 'Europe/Berlin' };
    expect(new Date(lastDueAt(monday, Date.UTC(2026, 0, 11, 12))).toISOString()).toBe('2026-01-05T07:00:00.000Z');
  });
});
