import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Commit } from '../../app/ports/commit.ts';
import { isActive } from '../../core/alerting/alerts/alert.ts';
import { type Response, responses } from '../../core/response/incidents/respond.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import type { RollbackOutcome } from '../../core/response/incidents/timeline-data.ts';
import { type Level, minute, type Part, ruleOn, type Story, storyOf } from './harness.ts';
import type { HookManner } from './outside.ts';

const tier = (responder: string) => ({ targets: [{ responder }], ackWithin: '10m' });
const cell = (policy: string) => ({ warn: { policy }, critical: { policy } });
const cooldown = 20 * minute;

/**
 * Orders feed two models; two rules watch one of them, and one the other. Every rule may roll the
 * deployment of both back.
 */
const part: Part = {
  settings: { reopenWindow: '20m', groupWait: '30s', pageInterval: '0s' },
  sources: { pushed: { kind: 'samples' } },
  rules: {
    late: ruleOn('late', { category: 'data-quality' }),
    wrong: ruleOn('wrong', { category: 'performance', rollback: 'models', noData: 'ok' }),
    slow: ruleOn('slow', { category: 'latency', rollback: 'models', for: '2/3' }),
    odd: ruleOn('odd', { category: 'performance', rollback: 'other' }),
  },
  policies: {
    data: { tiers: [tier('ana')], repeat: 1, fallback: { channel: 'room' }, ackTimeout: '1h' },
    models: { tiers: [tier('ben'), tier('lea')], fallback: { channel: 'room' }, ackTimeout: '1h' },
    speed: { tiers: [tier('max')], fallback: { channel: 'room' }, ackTimeout: '1h' },
  },
  matrix: { 'data-quality': cell('data'), latency: cell('speed'), default: cell('models') },
  deployments: {
    models: { hook: { webhook: { url: 'https://hook.test', secret: 'HOOK' } } },
    other: { hook: { webhook: { url: 'https://hook.test', secret: 'HOOK' } } },
  },
  rollbacks: {
    models: { deployment: 'models', automatic: true, verify: '10m', cooldown: '20m', dailyLimit: 3 },
    other: { deployment: 'other', automatic: true, verify: '5m', cooldown: '20m', dailyLimit: 3 },
  },
  dependencies: {
    orders: { kind: 'data', match: { dataset: 'orders' } },
    churn: { kind: 'model', match: { model: 'churn' }, dependsOn: ['orders'] },
    fraud: { kind: 'model', match: { model: 'fraud' }, dependsOn: ['orders'] },
  },
};

const things: { metric: string; labels: Record<string, string> }[] = [
  { metric: 'late', labels: { dataset: 'orders' } },
  { metric: 'wrong', labels: { model: 'churn' } },
  { metric: 'wrong', labels: { model: 'churn', host: 'b' } },
  { metric: 'slow', labels: { model: 'churn' } },
  { metric: 'wrong', labels: { model: 'fraud' } },
  { metric: 'odd', labels: { model: 'fraud' } },
];

/**
 * What goes wrong with a commit: another was faster, or it is done and its answer is lost, or the
 * process dies before it.
 */
type Trouble = 'conflict' | 'lost' | 'dies';

type Step =
  | { do: 'values'; levels: (Level | undefined)[] }
  | { do: 'pass'; time: string }
  | { do: 'press'; response: Response; which: number }
  | { do: 'silence'; rule: string; time: string }
  | { do: 'hook'; manner: HookManner }
  | { do: 'release'; known: boolean; beside: boolean }
  | { do: 'trouble'; what: Trouble; after: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('values' as const),
      levels: fc.array(fc.constantFrom<Level | undefined>(undefined, undefined, 'ok', 'warn', 'critical', 'critical'), {
        minLength: things.length,
        maxLength: things.length,
      }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      time: fc.constantFrom('10s', '1m', '61s', '2m', '6m', '12m', '35m'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('press' as const), response: fc.constantFrom(...responses), which: fc.nat(3) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('silence' as const),
      rule: fc.constantFrom('late', 'wrong', 'slow', 'odd'),
      time: fc.constantFrom('5m', '30m'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('hook' as const),
      manner: fc.constantFrom<HookManner>('works', 'works', 'down', 'refuses', 'lies', 'mute', 'lost', 'stuck'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('release' as const), known: fc.boolean(), beside: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('trouble' as const),
      what: fc.constantFrom<Trouble>('conflict', 'lost', 'dies'),
      after: fc.nat(6),
    }),
  },
);
const only = (place: number, level: Level, ...more: [number, Level][]): Step => {
  const levels = things.map((): Level | undefined => undefined);
  for (const [at, one] of [[place, level] as const, ...more]) levels[at] = one;
  return { do: 'values', levels };
};
/** Most begin with a rollback, and with what comes close upon it. */
const beginning = fc.subarray<Step>([
  { do: 'hook', manner: 'stuck' },
  only(1, 'critical'),
  { do: 'pass', time: '61s' },
  { do: 'press', response: 'resolve', which: 0 },
  { do: 'hook', manner: 'works' },
  { do: 'pass', time: '2m' },
  only(1, 'ok', [2, 'critical']),
  { do: 'pass', time: '61s' },
  only(0, 'critical', [5, 'critical']),
  { do: 'pass', time: '61s' },
  { do: 'silence', rule: 'late', time: '30m' },
]);
const stories = fc
  .tuple(beginning, fc.array(step, { minLength: 5, maxLength: 30 }))
  .map(([first, rest]): Step[] => [...first, ...rest]);

type Told = { story: Story; wrong: string[]; automatic: number };

/** A story whose commits are looked at, and go wrong as they are told to. */
function told(): Told & { trouble(what: Trouble, after: number): void } {
  const story = storyOf(part);
  const { store, hook } = story;
  const watched: Told = { story, wrong: [], automatic: 0 };
  const { commit } = store;
  let coming: { what: Trouble; after: number } | undefined;
  const look = async ({ effects }: Commit): Promise<void> => {
    const rollback = effects.find(({ kind }) => kind === 'rollback');
    if (rollback?.kind !== 'rollback' || rollback.by !== 'tocsin') return;
    watched.automatic += 1;
    const late = (await store.alerts()).filter((alert) => isActive(alert) && alert.ruleId === 'late');
    if (late.some(({ severity }) => severity === 'critical'))
      watched.wrong.push('an automatic rollback while orders are late, which is critical');
    const candidate = hook.view.candidates.find(({ version }) => version === rollback.to);
    if (rollback.to !== hook.view.current && candidate?.servedMs === undefined)
      watched.wrong.push(`an automatic rollback to ${rollback.to}, of which nothing is known`);
  };
  store.commit = async (commits) => {
    if (coming !== undefined) coming.after -= 1;
    const now = coming !== undefined && coming.after < 0 ? coming.what : undefined;
    if (now !== undefined) coming = undefined;
    if (now === 'conflict') return 'conflict';
    if (now === 'dies') throw new Error('the store is gone for a moment');
    const result = await commit(commits);
    if (result === 'committed') await look(commits);
    if (now === 'lost') throw new Error('the answer of the store is lost');
    return result;
  };
  story.ports.store = store;
  return Object.assign(watched, {
    trouble(what: Trouble, after: number) {
      coming = { what, after };
    },
  });
}

let releases = 2;
async function act({ story, trouble }: ReturnType<typeof told>, one: Step): Promise<void> {
  switch (one.do) {
    case 'values':
      for (const [place, { metric, labels }] of things.entries()) {
        const level = one.levels[place];
        if (level !== undefined) await story.value(metric, level, labels);
      }
      return;
    case 'pass':
      return story.pass(one.time);
    case 'press': {
      const all = await story.incidents();
      const incident = all[one.which % Math.max(all.length, 1)];
      if (incident !== undefined) await story.press(one.response, 'responder/ana', incident.id);
      return;
    }
    case 'silence':
      return story.silence({ rule: one.rule }, one.time);
    case 'hook':
      story.hook.manner = one.manner;
      return;
    case 'release': {
      releases += 1;
      const { current, candidates, revision } = story.hook.view;
      const old = { version: current, ...(one.known ? { servedMs: 600 * minute } : {}) };
      const next = `v${releases}`;
      const changed = {
        revision: String(Number(revision) + 1),
        candidates: [old, ...candidates.filter(({ version }) => version !== current)].slice(0, 5),
      };
      const split = [
        { version: current, weight: 0.9 },
        { version: next, weight: 0.1 },
      ];
      story.hook.view = one.beside ? { ...story.hook.view, revision: changed.revision, split } : { ...changed, current: next };
      return;
    }
    case 'trouble':
      return trouble(one.what, one.after);
  }
}

const flying = ['running', 'confirming', 'verifying'];

/** A deployment is only held by a step that is under way. */
async function expectOwned({ store }: Story): Promise<void> {
  for (const name of ['models', 'other']) {
    const flight = (await store.deployment(name))?.inFlight;
    if (flight === undefined) continue;
    const step = (await store.incident(flight.incidentId))?.rollback;
    expect({ name, requestId: step?.requestId, flies: flying.includes(step?.state ?? '') }).toEqual({
      name,
      requestId: flight.requestId,
      flies: true,
    });
  }
}

const tellsOf: readonly TimelineEntry['kind'][] = ['page', 'page held', 'page failed', 'refused', 'resolved'];
/** An end of which the entry itself says all there is: who ended it, or that all is well. */
const speaksForItself: readonly unknown[] = ['unproven', 'proven', 'watch ended'] satisfies RollbackOutcome[];

/** Whatever comes of a rollback is told to somebody, or it is said why not. */
async function expectTold({ store, incidents }: Story): Promise<void> {
  for (const { id } of await incidents()) {
    const timeline = await store.timeline(id);
    for (const { kind, version, text, data } of timeline) {
      if (kind !== 'rollback result' || speaksForItself.includes(data?.outcome)) continue;
      const beside = timeline.filter((entry) => entry.version === version && tellsOf.includes(entry.kind));
      expect({ text, told: beside.length > 0 }).toEqual({ text, told: true });
    }
  }
}

/** Automatic rollbacks keep their distance and their limit, which people do not use up. */
async function expectLimited({ story, automatic }: Told): Promise<void> {
  const starts: Record<string, number[]> = {};
  for (const { id } of await story.incidents()) {
    for (const { kind, actor, at, data } of await story.store.timeline(id)) {
      const name = data?.deployment;
      if (kind !== 'rollback' || actor !== 'tocsin' || name === undefined) continue;
      starts[name] = [...(starts[name] ?? []), at];
    }
  }
  for (const [name, times] of Object.entries(starts)) {
    const sorted = times.toSorted((a, b) => a - b);
    for (const [place, at] of sorted.entries()) {
      const before = sorted[place - 1];
      if (before !== undefined) expect(at - before).toBeGreaterThanOrEqual(cooldown);
    }
    expect((await story.store.deployment(name))?.rolledBackAt.length ?? 0).toBeLessThanOrEqual(sorted.length);
  }
  expect(Object.values(starts).flat().length).toBe(automatic);
}

describe('whatever becomes of rollbacks', () => {
  it('deployments are released, causes upstream are heeded, ends are told, and limits kept', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async (all) => {
        const watched = told();
        const { story } = watched;
        for (const one of all) {
          // What a person does while the store is gone for a moment is answered with an error, and
          // done again.
          await act(watched, one).catch((error: unknown) => {
            if (!/of the store|the store is/.test(String(error))) throw error;
          });
          await expectOwned(story);
        }
        watched.trouble('conflict', 1_000_000);
        story.hook.manner = 'works';
        for (let n = 0; n < 3; n += 1) {
          await story.pass('1m');
          for (const { metric, labels } of things) await story.value(metric, 'ok', labels);
        }
        await story.pass('2h');
        expect((await story.incidents()).filter(({ status }) => status !== 'resolved')).toEqual([]);
        for (const name of ['models', 'other']) expect((await story.store.deployment(name))?.inFlight).toBeUndefined();
        await expectTold(story);
        await expectLimited(watched);
        expect(watched.wrong).toEqual([]);
        await story.store.close();
      }),
      { numRuns: Number(process.env['ROLLBACK_STORIES'] ?? 100) },
    );
  });
});
