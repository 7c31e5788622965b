import * as fc from 'fast-check';
import { expect } from 'vitest';
import { deliverEffect } from '../../app/deliver/deliver.ts';
import { sweepIncidents, wakeIncident } from '../../app/respond/escalate.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { type Response, responses } from '../../core/response/incidents/respond.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import { callsForSomebody } from '../../core/response/paging/posted.ts';
import { asEffectId } from '../../core/vocabulary/ids.ts';
import { type Level, minute, type Part, ruleOn, type Story, storyOf } from './harness.ts';
import type { Manner } from './outside.ts';

/** Reasons that ask somebody to act; the others are news. */

const people = ['ana', 'ben', 'lea'];
const repeat = 1;
const steps = people.length + repeat + 1;
const part: Part = {
  settings: { groupWait: '30s', reopenWindow: '20m' },
  rules: { slow: ruleOn('latency', { rollback: 'model' }), nulls: ruleOn('nulls', { category: 'data-quality' }) },
  responders: {
    ana: { name: 'Ana', contacts: [{ sns: 'ana' }, { slack: '#ana' }] },
    ben: { name: 'Ben', contacts: [{ slack: '#ben' }] },
    lea: { name: 'Lea', contacts: [{ sns: 'lea' }, { sns: 'lea-mail' }] },
  },
  policies: {
    duty: {
      tiers: people.map((responder) => ({ targets: [{ responder }], ackWithin: '10m' })),
      repeat,
      fallback: { channel: 'room' },
      ackTimeout: '1h',
    },
  },
  deployments: { model: { hook: { webhook: { url: 'https://hook.test', secret: 'HOOK' } } } },
  rollbacks: { model: { deployment: 'model', automatic: true, verify: '10m', cooldown: '30m' } },
};
const contacts = ['sns:ana', 'slack:#ana', 'slack:#ben', 'sns:lea', 'sns:lea-mail', 'sns:room'];

type Step =
  | { do: 'value'; metric: string; level: Level; host: string }
  | { do: 'pass'; time: string }
  | { do: 'press'; response: Response }
  | { do: 'silence'; rule: string; time: string }
  | { do: 'phone'; contact: string; manner: Manner }
  | { do: 'hook'; manner: 'works' | 'down' | 'refuses' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('value' as const),
      metric: fc.constantFrom('latency', 'nulls'),
      level: fc.constantFrom<Level>('ok', 'warn', 'critical', 'critical'),
      host: fc.constantFrom('a', 'b'),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      time: fc.constantFrom('10s', '1m', '2m', '6m', '11m', '35m', '70m'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('press' as const), response: fc.constantFrom(...responses) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('silence' as const),
      rule: fc.constantFrom('slow', 'nulls'),
      time: fc.constantFrom('5m', '30m'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('phone' as const),
      contact: fc.constantFrom(...contacts),
      manner: fc.constantFrom<Manner>('rings', 'rings', 'dead', 'hangs', { busyForMs: 90_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('hook' as const),
      manner: fc.constantFrom('works' as const, 'down' as const, 'refuses' as const),
    }),
  },
);

/**
 * Most stories begin badly: something is critical, and a phone that is rung about it may not
 * answer.
 */
const story: fc.Arbitrary<Step[]> = fc
  .tuple(
    fc.subarray<Step>([
      { do: 'phone', contact: 'sns:ana', manner: 'hangs' },
      { do: 'phone', contact: 'slack:#ben', manner: 'hangs' },
      { do: 'value', metric: 'latency', level: 'critical', host: 'a' },
      { do: 'pass', time: '2m' },
    ]),
    fc.array(step, { minLength: 5, maxLength: 30 }),
  )
  .map(([beginning, rest]) => [...beginning, ...rest]);

async function act(story: Story, one: Step): Promise<void> {
  switch (one.do) {
    case 'value':
      return story.value(one.metric, one.level, { model: 'm', host: one.host });
    case 'pass':
      return story.pass(one.time);
    case 'press': {
      const [latest] = await story.incidents();
      if (latest !== undefined) await story.press(one.response, 'responder/ana', latest.id);
      return;
    }
    case 'silence':
      return story.silence({ rule: one.rule }, one.time);
    case 'phone':
      return story.phones.behave(one.contact, one.manner);
    case 'hook':
      story.hook.manner = one.manner;
  }
}

/** Whatever rings while its incident is acknowledged or over. */
function watchPhones(story: Story): string[] {
  const wrong: string[] = [];
  const { send } = story.phones.channel;
  story.phones.channel.send = async (contact, page, key) => {
    for (const { reason, incidentId: id } of [page, ...page.held]) {
      const { status, worst, pagedCritical } = (await story.store.incident(id)) ?? {};
      // A critical incident that ended before anybody had heard of it is told all the same.
      const isUntold = status === 'resolved' && worst === 'critical' && !pagedCritical;
      if (callsForSomebody(reason) && status !== 'triggered' && !isUntold) wrong.push(`${reason} of ${id}, which is ${status}`);
    }
    return send(contact, page, key);
  };
  return wrong;
}

/** What holds of an incident at any time. */
function expectSound(incident: Incident): void {
  const { deadlines, status, counts, flapping } = incident;
  const times = Object.values(deadlines).filter((time) => time !== undefined);
  expect(incident.nextStepAt).toBe(times.length === 0 ? undefined : Math.min(...times));
  for (const count of Object.values(counts)) expect(count).toBeGreaterThanOrEqual(0);
  const active = counts.critical + counts.warn;
  if (status === 'waiting' && active > 0) expect(deadlines.groupWait).toBeDefined();
  if (status === 'triggered' && active > 0) expect(deadlines.acknowledge ?? deadlines.restart).toBeDefined();
  if (status === 'acknowledged') expect(deadlines.ackTimeout).toBeDefined();
  if (status === 'resolved' && active > 0) expect(deadlines.recheck).toBeDefined();
  if (flapping !== undefined) expect(deadlines.steady).toBeDefined();
  else if (status !== 'resolved' && active + counts.muted === 0) expect(deadlines.resolve).toBeDefined();
}

async function expectCountsExact({ store }: Story, incident: Incident): Promise<void> {
  const joined = (await store.alerts()).flatMap((alert) => (alert.joined?.incidentId === incident.id ? [alert.joined] : []));
  const firing = joined.filter(({ state }) => state === 'firing');
  expect(incident.counts).toMatchObject({
    critical: firing.filter(({ severity }) => severity === 'critical').length,
    warn: firing.filter(({ severity }) => severity === 'warn').length,
    muted: joined.filter(({ state }) => state === 'muted').length,
  });
}

/**
 * Pages that escalate between one beginning at tier 1 and the next, with what people asked for
 * themselves.
 */
function expectEscalationBounded(timeline: readonly TimelineEntry[]): void {
  let escalations = 0;
  let asked = 0;
  let tier = 0;
  for (const { kind, data, text } of timeline) {
    if (kind === 'escalated' && text.includes('asked for more help')) asked += 1;
    if (kind !== 'page') continue;
    const isStart = data?.['tier'] === 1 && data['reason'] !== 'escalated';
    if (isStart || (data?.['tier'] as number) < tier) escalations = asked = 0;
    tier = data?.['tier'] as number;
    if (['escalated', 'reminder', 'remedy failed'].includes(data?.['reason'] as string)) escalations += 1;
    expect(escalations).toBeLessThanOrEqual(people.length * (repeat + 1) + 1 + asked);
    expect(escalations).toBeLessThanOrEqual(steps + asked);
  }
}

type Seen = { incidents: Incident[]; timelines: TimelineEntry[][]; rung: number; tries: number };

async function seen({ store, incidents, phones }: Story): Promise<Seen> {
  const all = await incidents();
  const timelines = await Promise.all(all.map(({ id }) => store.timeline(id)));
  return { incidents: all, timelines, rung: phones.rung.length, tries: phones.tries.length };
}

/**
 * Everything once more, in another order: what was delivered, what waits, and every wake there ever
 * was.
 */
async function replayEffects(story: Story, order: readonly number[]): Promise<void> {
  const { effects } = story.decided;
  const now = story.clock.now();
  for (const place of order) {
    const effect = effects[place % Math.max(effects.length, 1)];
    if (effect === undefined) continue;
    await deliverEffect(story.ports, effect.id, now);
    if (effect.kind === 'timer') await wakeIncident(story.ports, effect.incidentId, effect.generation, now);
  }
  for (const { id } of [...effects].reverse()) await deliverEffect(story.ports, id, now);
  await sweepIncidents(story.ports, now);
}

/**
 * The same person by the same means, however they are meant: a critical page that calls waits for
 * others of its kind only.
 */
function expectCalm({ phones, decided }: Story): void {
  const severityOf = new Map(decided.effects.map((effect) => [effect.id, effect.kind === 'page' ? effect.severity : undefined]));
  const last = new Map<string, number>();
  for (const { at, contact, page, key } of phones.rung) {
    const urgent = severityOf.get(asEffectId(key)) === 'critical' && callsForSomebody(page.reason) && page.status !== 'resolved';
    const since = last.get(urgent ? `${contact} critical` : contact) ?? Number.NEGATIVE_INFINITY;
    expect(at - since).toBeGreaterThanOrEqual(minute);
    last.set(contact, at);
    if (urgent) last.set(`${contact} critical`, at);
  }
}

/** Every page that was decided has an outcome that people can read. */
async function expectNoPageLost(story: Story): Promise<void> {
  const outcomes = new Set<unknown>();
  for (const { id } of await story.incidents()) {
    for (const { kind, data } of await story.store.timeline(id)) {
      if (kind === 'page delivered' || kind === 'page failed' || kind === 'page held') outcomes.add(data?.['effect']);
    }
  }
  for (const effect of story.decided.effects) if (effect.kind === 'page') expect(outcomes).toContain(effect.id);
}

/**
 * Nobody is paged after an acknowledge, escalation is bounded, no page is lost, and replaying
 * changes nothing.
 */
export async function whateverHappens(numRuns: number): Promise<void> {
  const order = fc.array(fc.nat(500), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(story, order, async (all, again) => {
      const told = storyOf(part);
      const wrong = watchPhones(told);
      for (const one of all) {
        await act(told, one);
        const incidents = await told.incidents();
        for (const incident of incidents) expectSound(incident);
        const open = incidents.filter(({ status }) => status !== 'resolved');
        expect(open.length).toBeLessThanOrEqual(1);
        for (const incident of open) await expectCountsExact(told, incident);
      }
      await told.pass('1s');
      const before = await seen(told);
      await replayEffects(told, again);
      expect(await seen(told)).toEqual(before);

      for (const contact of contacts) told.phones.behave(contact, 'rings');
      told.hook.manner = 'works';
      await told.pass('1m');
      for (const host of ['a', 'b'])
        for (const metric of ['latency', 'nulls']) await told.value(metric, 'ok', { model: 'm', host });
      await told.pass('40m');
      expect((await told.incidents()).filter(({ status }) => status !== 'resolved')).toEqual([]);
      expect(
        (await told.store.dueEffects(told.clock.now() + 600 * minute, 10)).filter(({ effect }) => effect.kind !== 'timer'),
      ).toEqual([]);
      await expectNoPageLost(told);
      expectCalm(told);
      for (const timeline of (await seen(told)).timelines) expectEscalationBounded(timeline);
      expect(wrong).toEqual([]);
      expect(told.logged.filter((line) => line.startsWith('error'))).toEqual([]);
      await told.store.close();
    }),
    { numRuns },
  );
}
