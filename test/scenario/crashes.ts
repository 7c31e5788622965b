import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newInFlight } from '../../app/in-flight.ts';
import { foldSamples } from '../../app/ingest/ingest.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { respond } from '../../app/respond/respond.ts';
import { targetText } from '../../core/response/escalation/page-target.ts';
import type { Response } from '../../core/response/incidents/respond.ts';
import type { PageEffect } from '../../core/response/outbox/effect.ts';
import type { Category } from '../../core/vocabulary/schema-parts.ts';
import { type VirtualEvent, virtualRun } from '../../local/run/virtual-run.ts';
import { levels, minute, type Part, portsOf, ruleOn, t0, type World, worldOf } from './harness.ts';

/** Calls that change something. */
const changes = new Set([
  'commit',
  'leaseEffect',
  'postponeEffect',
  'claimPageSlot',
  'setMeta',
  'setMetas',
  'fold',
  'send',
  'update',
  'rollback',
]);
/**
 * To die at a call that only reads leaves the same world as to die at the next one that changes
 * something.
 */
type Counted = 'every call' | 'changes';

/**
 * A process that is killed: its `dies`th call to the outside is not made, and neither is any later
 * one. Whatever it did before stands, so that over all numbers it dies before and after every
 * effect it has on the world.
 */
function mortal(ports: Ports, dies: number, counted: Counted): { ports: Ports; calls: () => number } {
  let calls = 0;
  const alive = (name: string): void => {
    if (calls >= dies) throw new Error('killed before');
    if (counted === 'changes' && !changes.has(name)) return;
    calls += 1;
    if (calls >= dies) throw new Error(`killed at call ${calls}`);
  };
  const wrap = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          alive(String(name));
          const result: unknown = await member.apply(target, args);
          // The answer comes to nobody when the process died while it was on its way.
          if (calls >= dies) throw new Error('killed while waiting');
          return result;
        };
      },
    });
  const { store, channels, hooks, sources } = ports;
  const all = <T extends Record<string, object>>(group: T): T =>
    Object.fromEntries(Object.entries(group).map(([name, port]) => [name, wrap(port)])) as T;
  return {
    ports: {
      ...ports,
      store: wrap(store),
      inFlight: newInFlight(),
      channels: all(channels),
      hooks: all(hooks),
      sources: all(sources),
    },
    calls: () => calls,
  };
}

const tiers = ['ana', 'ben', 'lea'].map((responder) => ({ targets: [{ responder }], ackWithin: '15m' }));
const part: Part = {
  settings: { groupBy: ['host'], reopenWindow: '10m' },
  rules: {
    slow: ruleOn('latency', { step: '5m', rollback: 'model' }),
    nulls: ruleOn('nulls', { step: '5m', category: 'data-quality' }),
  },
  responders: {
    ana: { name: 'Ana', contacts: [{ sns: 'ana' }, { sns: 'ana-mail' }] },
    ben: { name: 'Ben', contacts: [{ slack: '#ben' }] },
    lea: { name: 'Lea', contacts: [{ sns: 'lea' }] },
  },
  policies: { duty: { tiers, repeat: 1, fallback: { channel: 'room' }, ackTimeout: '20m' } },
  deployments: { model: { hook: { webhook: { url: 'https://hook.test', secret: 'HOOK' } } } },
  rollbacks: { model: { deployment: 'model', automatic: true } },
};

type Told = { at: number; run(ports: Ports, world: World): Promise<unknown> };

const value = (at: number, metric: string, level: keyof typeof levels, host: string): Told => ({
  at: t0 + at * minute,
  run: (ports) =>
    foldSamples(
      ports,
      'pushed',
      [{ metric, value: levels[level], timestamp: t0 + at * minute, labels: { host } }],
      `${metric} ${host} at ${at}`,
      t0 + at * minute,
    ),
});

const press = (at: number, response: Response, category: Category): Told => ({
  at: t0 + at * minute,
  async run(ports, { clock }) {
    const found = (await ports.store.incidents({ status: 'open', limit: 10 })).find((incident) => incident.category === category);
    if (found !== undefined)
      await respond(
        ports,
        { incidentId: found.id, response, actor: 'responder/ben', role: 'responder', confirmed: { force: true } },
        clock.now(),
      );
  },
});

type Script = { until: number; told: Told[] };

/**
 * Two incidents at once, one of them rolled back, a dead contact, a message that is edited, an
 * acknowledge.
 */
const twoIncidents: Script = {
  until: t0 + 50 * minute,
  told: [
    value(0, 'latency', 'critical', 'a'),
    value(0, 'nulls', 'critical', 'b'),
    press(25, 'acknowledge', 'data-quality'),
    value(26, 'latency', 'ok', 'a'),
    value(36, 'nulls', 'ok', 'b'),
  ],
};

/**
 * A warning that becomes critical, an acknowledge that times out, the whole policy, and a person
 * who resolves too early.
 */
const oneLongIncident: Script = {
  until: t0 + 210 * minute,
  told: [
    value(0, 'nulls', 'warn', 'a'),
    value(13, 'nulls', 'critical', 'a'),
    press(27, 'acknowledge', 'data-quality'),
    value(31, 'latency', 'warn', 'a'),
    press(140, 'resolve', 'data-quality'),
    press(175, 'escalate', 'data-quality'),
    value(186, 'nulls', 'ok', 'a'),
    value(191, 'latency', 'ok', 'a'),
  ],
};

type Lived = { world: World; until: number; pages: PageEffect[]; processes: number; calls: number };

/**
 * Tells the script to one process after another; the nth dies at its `deaths[n]`th call, the last
 * one lives.
 */
async function live(script: Script, deaths: readonly number[], counted: Counted = 'changes'): Promise<Lived> {
  const world = worldOf(part);
  world.phones.behave('sns:ana', 'dead');
  const pages: PageEffect[] = [];
  const { commit } = world.store;
  world.store.commit = async (all) => {
    const result = await commit(all);
    if (result === 'committed') pages.push(...all.effects.filter((effect) => effect.kind === 'page'));
    return result;
  };
  let place = 0;
  let calls = 0;
  const events = function* (ports: Ports): Generator<VirtualEvent> {
    while (place < script.told.length) {
      const next = script.told[place] as Told;
      yield {
        at: next.at,
        async run() {
          await next.run(ports, world);
          place += 1;
        },
      };
    }
  };
  for (let process = 0; ; process++) {
    const { ports, calls: made } = mortal(
      portsOf(world, { log: () => {}, observe: () => {} }),
      deaths[process] ?? Number.POSITIVE_INFINITY,
      counted,
    );
    const ended = await virtualRun({ ports, clock: world.clock, events: events(ports), until: script.until }).then(
      () => true,
      (error: unknown) => {
        if (!/^(Error: )?killed/.test(String(error))) throw error;
        return false;
      },
    );
    calls = made();
    if (ended) return { world, until: script.until, pages, processes: process + 1, calls };
  }
}

/**
 * What a person sees in the end; not when exactly, for a page that was under way waits for its
 * lease.
 */
async function endOf({ world: { store }, until }: Lived): Promise<unknown> {
  const incidents = await store.incidents({ status: 'all', limit: 10 });
  const { knownBad, rolledBackAt, inFlight } = (await store.deployment('model')) ?? {};
  return {
    incidents: incidents.map(
      ({ id, status, severity, counts, escalation, acknowledgedBy, resolvedBy, resolveReason, rollback }) => ({
        id,
        status,
        severity,
        counts,
        tier: escalation.tier,
        slow: escalation.slow,
        acknowledgedBy,
        resolvedBy,
        resolveReason,
        rollback: [rollback?.state, rollback?.from, rollback?.to],
      }),
    ),
    alerts: await store.alerts(),
    deployment: [knownBad?.map(({ version }) => version), rolledBackAt?.length, inFlight],
    left: (await store.dueEffects(until + 60 * minute, 100)).map(({ effect }) => effect.kind),
  };
}

const nameOf = ({ incidentId, reason, target, contactIndex }: PageEffect): string =>
  `${incidentId} ${reason} ${targetText(target)} ${contactIndex}`;

/**
 * Who was told what: by a page, by a line of another page, or by a message that now says that it is
 * over.
 */
function told({ world: { phones } }: Lived): string[] {
  const pages = phones.rung.flatMap(({ page }) => [
    `${page.incidentId} ${page.reason} ${page.target}`,
    ...page.held.map(({ incidentId, reason }) => `${incidentId} ${reason} ${page.target}`),
  ]);
  const ended = [...phones.boards.values()].filter(({ page }) => page.status === 'resolved');
  return [...pages, ...ended.map(({ page }) => `${page.incidentId} resolved ${page.target}`)];
}

/**
 * Which page carries which is chance, and who has a message that is edited needs no page at the
 * end.
 */
const calls = ({ pages }: Lived): string[] =>
  pages
    .filter(({ reason }) => reason !== 'resolved')
    .map(nameOf)
    .sort();

async function expectNothingLost(lived: Lived, whole: Lived, end: unknown): Promise<void> {
  expect(await endOf(lived)).toEqual(end);
  expect(calls(lived)).toEqual(calls(whole));
  expect(new Set(told(lived))).toEqual(new Set(told(whole)));
  const ids = new Set(lived.pages.map(({ id }) => id));
  for (const { key } of lived.world.phones.rung) expect(ids).toContain(key);
  expect(lived.world.hook.carriedOut).toHaveLength(whole.world.hook.carriedOut.length);
}

/** How many pages there are for each reason, so that the scripts tell what they are meant to. */
function reasonsOf({ pages }: Lived): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { reason } of pages) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

export const describeWholeStories = () =>
  describe('the whole story', () => {
    it('of two incidents ends with one acknowledged and one rolled back', async () => {
      const whole = await live(twoIncidents, []);
      expect(await endOf(whole)).toMatchObject({
        incidents: [
          { status: 'resolved', acknowledgedBy: 'responder/ben' },
          { status: 'resolved', rollback: ['succeeded', 'v2', 'v1'] },
        ],
        left: [],
      });
      expect(whole.world.hook.carriedOut).toHaveLength(1);
    });

    it('of one long incident has pages for nearly every reason', async () => {
      const whole = await live(oneLongIncident, []);
      expect(Object.keys(reasonsOf(whole)).sort()).toEqual([
        'ack timed out',
        'escalated',
        'reminder',
        'reopened',
        'resolved',
        'severity raised',
        'triggered',
      ]);
      expect(await endOf(whole)).toMatchObject({ incidents: [{ status: 'resolved' }], left: [] });
    });
  });

const stories = [
  ['two incidents', twoIncidents, 'every call'],
  ['one long incident', oneLongIncident, 'changes'],
] as const;

/**
 * Processes that are killed at every `stride`th call to the outside, and `runs` that are killed
 * again and again.
 */
export const describeCrashes = ({ stride, runs }: { stride: number; runs: number }) =>
  describe.each(stories)('a process that is killed during %s', (_, script, counted) => {
    it('at any one call to the outside loses no page, and the next one ends the story the same way', async () => {
      const whole = await live(script, [], counted);
      const end = await endOf(whole);
      expect(whole.calls).toBeGreaterThan(150);
      for (let dies = 1; dies <= whole.calls; dies += stride) {
        const lived = await live(script, [dies], counted);
        expect(lived.processes).toBe(2);
        await expectNothingLost(lived, whole, end).catch((cause: unknown) => {
          throw new Error(`killed at call ${dies} of ${whole.calls}`, { cause });
        });
      }
    });

    it('again and again still gets there', async () => {
      const whole = await live(script, []);
      const end = await endOf(whole);
      const deaths = fc.array(fc.integer({ min: 5, max: whole.calls }), { minLength: 2, maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(deaths, async (at) => expectNothingLost(await live(script, at), whole, end)),
        { numRuns: runs },
      );
    });
  });
