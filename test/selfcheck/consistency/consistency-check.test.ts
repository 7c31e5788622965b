import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliverDue } from '../../../app/deliver/deliver.ts';
import { checkConsistency } from '../../../app/selfcheck/consistency-check.ts';
import type { Deadlines, Incident } from '../../../core/response/incidents/incident.ts';
import { responses } from '../../../core/response/incidents/respond.ts';
import { faultsOf } from '../../../core/selfcheck/consistency/next-step.ts';
import { repair } from '../../../core/selfcheck/consistency/repair.ts';
import { asFingerprint } from '../../../core/vocabulary/ids.ts';
import { hour, type Level, minute, type Part, type Story, storyOf } from '../../scenario/harness.ts';

/** Writes an incident as no decision of ours would leave it. */
async function corrupt({ store }: Story, incident: Incident, change: (copy: Incident) => void): Promise<void> {
  const copy = structuredClone(incident);
  change(copy);
  const value = { ...copy, version: incident.version + 1 };
  const result = await store.commit({
    writes: [{ kind: 'incident', value, expected: incident.version }],
    timeline: [],
    effects: [],
    done: [],
  });
  expect(result).toBe('committed');
}

const forget = (incident: Incident): void => {
  incident.deadlines = {};
  incident.nextStepAt = undefined;
};

async function paged(part: Part = {}): Promise<Story> {
  const story = storyOf(part);
  await story.value('latency', 'critical');
  await story.pass('2m');
  return story;
}

/** Puts off everything that is due, as a clock that ran far ahead would have. */
async function putOff(story: Story, until: number): Promise<void> {
  for (const { effect } of await story.store.dueEffects(Number.MAX_SAFE_INTEGER, 100)) {
    if (effect.kind === 'page') await story.store.postponeEffect(effect.id, until, {});
  }
}

const audited = (story: Story) => checkConsistency(story.ports, story.clock.now());

describe('a consistency check', () => {
  it('brings back a page that a clock that ran ahead had put off by a year', async () => {
    const story = storyOf();
    story.phones.behave('sns:ana', 'hangs');
    await story.value('latency', 'critical');
    await story.pass('@0:01:02');
    await putOff(story, story.clock.now() + 365 * 24 * hour);
    story.phones.behave('sns:ana', 'rings');
    await audited(story);
    await deliverDue(story.ports, story.clock.now());
    expect(story.pages().at(-1)).toMatch(/triggered: responder\/ana by sns:ana$/);
  });

  it('gives an escalation back its deadline, counted from the page that was sent', async () => {
    const story = await paged();
    const before = await story.incident();
    await corrupt(story, before, forget);
    await story.pass('5m');
    expect(await audited(story)).toMatchObject({ open: 1, repaired: 1, unrepaired: [] });
    expect((await story.incident()).nextStepAt).toBe(before.nextStepAt);
    expect(await story.told('consistency check')).toEqual(['0:07 consistency check: no next step']);
    expect((await story.entries('consistency check'))[0]?.text).toBe(
      'repaired: nobody has acknowledged, and nothing would escalate it',
    );
    await story.pass('@0:17');
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana', '0:16 escalated: responder/ben by sns:ben']);
  });

  it('escalates at once where the deadline would have passed, and once only', async () => {
    const story = await paged();
    await corrupt(story, await story.incident(), forget);
    await story.pass('40m');
    await audited(story);
    await audited(story);
    await story.pass('1m');
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana', '0:42 escalated: responder/ben by sns:ben']);
  });

  it('lets an acknowledge time out that had lost its deadline, and pages nobody before', async () => {
    const story = await paged();
    await story.press('acknowledge');
    await corrupt(story, await story.incident(), (incident) => {
      forget(incident);
      Object.assign(incident.deadlines, { acknowledge: story.clock.now() + minute });
      incident.nextStepAt = story.clock.now() + minute;
    });
    await audited(story);
    await story.pass('3h');
    expect(story.pages()).toHaveLength(1);
    await story.pass('2h');
    expect(story.pages()).toContain('4:02 ack timed out: responder/ana by sns:ana');
  });

  it('resolves what no alert holds open any more, after the usual delay', async () => {
    const story = await paged();
    await corrupt(story, await story.incident(), (incident) => {
      forget(incident);
      incident.counts = { critical: 0, warn: 0, info: 0, muted: 0, resolved: 1 };
    });
    const [alert] = await story.store.alerts();
    await story.store.commit({
      writes: [{ kind: 'alert gone', fingerprint: asFingerprint(alert?.fingerprint ?? ''), expected: alert?.version ?? 0 }],
      timeline: [],
      effects: [],
      done: [],
    });
    await audited(story);
    expect((await story.incident()).deadlines.resolve).toBe(story.clock.now() + 5 * minute);
  });

  it('counts the alerts that there are, where the incident counts others', async () => {
    const story = await paged();
    const right = (await story.incident()).counts;
    await corrupt(story, await story.incident(), (incident) => {
      incident.counts = { critical: 3, warn: 1, info: 0, muted: 0, resolved: 0 };
    });
    await story.pass('3m');
    await audited(story);
    expect((await story.incident()).counts).toMatchObject({ critical: right.critical, warn: 0, muted: 0 });
    expect(await story.told('consistency check')).toEqual(['0:05 consistency check: counts']);
    expect((await story.entries('consistency check'))[0]?.text).toBe(
      'repaired: it counted 3 critical, 1 warn, 0 info and 0 muted alerts; the actual counts are 1 critical, 0 warn, 0 info and 0 muted',
    );
  });

  it('leaves an incident alone whose policy has paged everybody and says when it begins again', async () => {
    const story = await paged({
      policies: { duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '15m' }] } },
    });
    await story.pass('1h');
    expect((await story.incident()).deadlines).toEqual({ restart: story.clock.now() + 3 * hour + 14 * minute });
    expect(await audited(story)).toMatchObject({ repaired: 0, unrepaired: [] });
    expect(await story.told('consistency check')).toEqual([]);
  });

  it('repairs one whose policy has paged everybody into a page, and not into a note', async () => {
    const story = await paged({
      policies: { duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '15m' }] } },
    });
    await story.pass('1h');
    await corrupt(story, await story.incident(), forget);
    await audited(story);
    await story.pass('@4:05');
    expect(story.pages()).toEqual(['0:01 triggered: responder/ana by sns:ana', '4:01 reminder: responder/ana by sns:ana']);
  });

  it('leaves an incident alone that waits muted while its alert goes on', async () => {
    const story = storyOf();
    await story.silence({ rule: 'slow' }, '2h');
    await story.value('latency', 'critical');
    await story.pass('10m');
    expect(await story.incident()).toMatchObject({ status: 'waiting', counts: { muted: 1 } });
    expect(await audited(story)).toMatchObject({ open: 1, repaired: 0, unrepaired: [] });
  });

  it('looks again at what was resolved while it fired', async () => {
    const story = await paged();
    await story.press('resolve');
    await corrupt(story, await story.incident(), forget);
    expect(await audited(story)).toMatchObject({ repaired: 1 });
    expect((await story.incident()).deadlines.recheck).toBe(story.clock.now() + 30 * minute);
  });

  it('says once on the timeline, and in the log each time, that an effect is stuck', async () => {
    const story = await paged();
    const id = 'inc-stuck#page';
    const { id: incidentId } = await story.incident();
    const message = {
      ref: { kind: 'slack', place: 'C', id: '1' },
      reason: 'triggered',
      why: '',
      target: { kind: 'channel', name: 'x' },
      tier: 1,
    };
    await story.store.commit({
      writes: [],
      timeline: [],
      effects: [{ kind: 'update_message', id, incidentId, createdAt: story.clock.now(), message } as never],
      done: [],
    });
    const later = story.clock.now() + 2 * hour;
    expect(await checkConsistency(story.ports, later)).toMatchObject({ stuck: [id] });
    await checkConsistency(story.ports, later + 5 * minute);
    expect((await story.told('consistency check')).filter((line) => line.includes(id))).toHaveLength(1);
    expect(story.logged.filter((line) => line.startsWith('error: an outbox message is older'))).toHaveLength(2);
  });

  it('goes on with the others when one cannot be looked at, and reports it', async () => {
    const story = await paged();
    await corrupt(story, await story.incident(), forget);
    const { id } = await story.incident();
    const store = { ...story.store, timeline: () => Promise.reject(new Error('the table is away')) };
    expect(await checkConsistency({ ...story.ports, store }, story.clock.now())).toMatchObject({ repaired: 0, unrepaired: [id] });
    expect(story.logged).toEqual([expect.stringMatching(/^error: an incident could not be checked.*the table is away/)]);
  });
});

// ---------------------------------------------------------------- whatever happens

const names = Object.keys({
  groupWait: true,
  acknowledge: true,
  ackTimeout: true,
  resolve: true,
  verify: true,
  recheck: true,
  joined: true,
  reconsider: true,
  restart: true,
  steady: true,
} satisfies Record<keyof Deadlines, true>) as (keyof Deadlines)[];

type Step = { value: Level } | { pass: string } | { press: (typeof responses)[number] } | { silence: string };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ value: fc.constantFrom<Level>('ok', 'warn', 'critical', 'critical') }) },
  { weight: 5, arbitrary: fc.record({ pass: fc.constantFrom('10s', '1m', '3m', '6m', '16m', '35m', '70m') }) },
  { weight: 2, arbitrary: fc.record({ press: fc.constantFrom(...responses) }) },
  { weight: 1, arbitrary: fc.record({ silence: fc.constantFrom('5m', '30m') }) },
);
const walk = fc
  .tuple(fc.constantFrom<Level>('warn', 'critical'), fc.array(step, { maxLength: 8 }))
  .map(([value, rest]): Step[] => [{ value }, { pass: '2m' }, ...rest]);

/**
 * A deadline that is lost, that lies in the past, or beyond every reach; and a next step that the
 * sweep does not find.
 */
type Damage = { name: keyof Deadlines; by: 'lost' | number } | { name: 'next step'; by: 'lost' | number };
const damage: fc.Arbitrary<Damage[]> = fc.array(
  fc.record({
    name: fc.constantFrom<keyof Deadlines | 'next step'>(...names, 'next step'),
    by: fc.oneof(
      fc.constant('lost' as const),
      fc.constant('lost' as const),
      fc.constantFrom(-3 * hour, -minute, 400 * 24 * hour),
    ),
  }) as fc.Arbitrary<Damage>,
  { minLength: 1, maxLength: 5 },
);

function inflict(incident: Incident, all: readonly Damage[], now: number): void {
  for (const { name, by } of all) {
    if (name === 'next step') incident.nextStepAt = by === 'lost' ? undefined : now + by;
    else if (by === 'lost' || incident.deadlines[name] !== undefined)
      incident.deadlines[name] = by === 'lost' ? undefined : now + by;
  }
}

async function act(story: Story, one: Step): Promise<void> {
  if ('value' in one) return story.value('latency', one.value);
  if ('pass' in one) return story.pass(one.pass);
  if ('silence' in one) return story.silence({ rule: 'slow' }, one.silence);
  const [latest] = await story.incidents();
  if (latest !== undefined) await story.press(one.press, 'responder/ana', latest.id);
}

const changes = (story: Story): number => story.decided.entries.length;

describe('whatever has happened to an incident', () => {
  it('an checkConsistency decides nothing while all is well', async () => {
    await fc.assert(
      fc.asyncProperty(walk, async (steps) => {
        const story = storyOf();
        for (const one of steps) {
          await act(story, one);
          const before = changes(story);
          expect(await audited(story)).toMatchObject({ repaired: 0, unrepaired: [], stuck: [] });
          expect(changes(story)).toBe(before);
        }
        expect(story.logged).toEqual([]);
        await story.store.close();
      }),
      { numRuns: 25 },
    );
  });

  it('a consistency check gives it a next step again, pages nobody twice, and has nothing to do the second time', async () => {
    await fc.assert(
      fc.asyncProperty(walk, damage, async (steps, all) => {
        const story = storyOf({ settings: { pageInterval: '0s' } });
        for (const one of steps) await act(story, one);
        const now = story.clock.now();
        await deliverDue(story.ports, now);
        for (const incident of await story.incidents()) await corrupt(story, incident, (copy) => inflict(copy, all, now));
        const rung = story.phones.rung.length;
        expect(await audited(story)).toMatchObject({ unrepaired: [] });
        await deliverDue(story.ports, now);
        const after = { changes: changes(story), rung: story.phones.rung.length };
        // One step of escalation at most: one person, once. That it is over is told to all who were
        // paged.
        const called = story.phones.rung.slice(rung).filter(({ page }) => page.reason !== 'resolved');
        expect(called.length).toBeLessThanOrEqual((await story.incidents()).length);
        expect(await audited(story)).toMatchObject({ repaired: 0, unrepaired: [] });
        await deliverDue(story.ports, now);
        expect({ changes: changes(story), rung: story.phones.rung.length }).toEqual(after);
        for (const incident of await story.incidents()) {
          const timeline = await story.store.timeline(incident.id);
          expect(faultsOf(incident, story.ports.config, now)).toEqual([]);
          expect(repair(incident, { timeline, alerts: await story.store.alerts() }, story.ports.config, now)).toBeUndefined();
        }
        // Time goes on as ever: what no longer fires comes to its end.
        await story.pass('35m');
        await story.value('latency', 'ok');
        await story.pass('6h');
        expect((await story.incidents()).filter(({ status }) => status !== 'resolved')).toEqual([]);
        await story.store.close();
      }),
      {
        numRuns: 30,
        // Four people had been paged, and the end of it, long due, was told to each.
        examples: [
          [
            [{ value: 'warn' }, { pass: '2m' }, { pass: '70m' }, { value: 'ok' }, { pass: '1m' }],
            [{ name: 'resolve', by: -3 * hour }],
          ],
        ],
      },
    );
  });
});
