import { describe, expect, it } from 'vitest';
import type { DeploymentView } from '../../../core/remediation/deployments/deployment.ts';
import { decideRollback } from '../../../core/remediation/rollback/decide.ts';
import { hour, minute, type Part, ruleOn, type Story, storyOf, t0 } from '../../scenario/harness.ts';

type RollbackInput = NonNullable<Part['rollbacks']>[string];

const withRollback = (more: Partial<RollbackInput> = {}, rule: Parameters<typeof ruleOn>[1] = {}): Part => ({
  rules: { slow: ruleOn('latency', { rollback: 'model', ...rule }) },
  deployments: { model: { model: 'm', hook: { webhook: { url: 'https://hook.test', secret: 'HOOK' } } } },
  rollbacks: { model: { deployment: 'model', automatic: true, ...more } },
});

/** The wording of rollbacks on the timeline is pinned here, and nowhere else. */
const textsOf = async (story: Story): Promise<string[]> =>
  (await story.entries('rollback', 'rollback result', 'rollback refused')).map(({ text }) => text);

async function breaks(story: Story, time = '2m'): Promise<void> {
  await story.value('latency', 'critical');
  await story.pass(time);
}

describe('the timeline says in words', () => {
  it('that a rollback is carried out, watched and proven, and ends the incident', async () => {
    const story = storyOf(withRollback());
    await breaks(story, '5m');
    await story.value('latency', 'ok');
    await story.pass('5m');
    expect(await textsOf(story)).toEqual([
      'rolling model back from v2 to v1: v1 is the last known good version',
      'rolled model back from v2 to v1; watching 30m for recovery',
      'slow recovered 5m after its last breach: the rollback of model to v1 is proven',
    ]);
    expect((await story.incident()).resolveReason).toBe('recovered after the rollback of model from v2 to v1');
  });

  it('that it did not help', async () => {
    const story = storyOf(withRollback({ verify: '10m' }));
    await breaks(story, '20m');
    expect((await textsOf(story)).slice(1)).toEqual([
      'rolled model back from v2 to v1; watching 10m for recovery',
      'remedy failed: model has not recovered on v1',
    ]);
  });

  it('that it is not proven', async () => {
    const story = storyOf(withRollback({ verify: '20m' }, { noData: 'ok' }));
    await breaks(story, '1h');
    expect((await textsOf(story)).slice(2)).toEqual([
      'the rollback of model to v1 is unproven: no values since the rollback',
      'remedy unproven: no values since the rollback',
    ]);
  });

  it.each([
    ['refuses', 'the rollback of model to v1 failed: the hook refuses'],
    ['lies', 'the rollback of model to v1 failed: its hook said that it is done, and it is still serving v2'],
  ] as const)('how it failed, where the hook %s', async (manner, text) => {
    const story = storyOf(withRollback());
    const { describe: ask } = story.hook;
    story.hook.describe = async (...args) => {
      const view = await ask(...args);
      story.hook.manner = manner;
      return view;
    };
    await breaks(story);
    expect((await textsOf(story)).at(-1)).toBe(text);
  });

  it('that somebody resolved the incident while it was watched', async () => {
    const story = storyOf(withRollback());
    await breaks(story, '5m');
    await story.press('resolve');
    expect((await textsOf(story)).at(-1)).toBe('the watch on the rollback of model to v1 ends: resolved by responder/ana');
  });

  it('that it is left to a person, and who asked for it', async () => {
    const story = storyOf(withRollback({ automatic: false }));
    await breaks(story);
    await story.press('rollback');
    expect(await textsOf(story)).toEqual([
      'no automatic rollback of model: automatic rollback is off for it; offered as a button',
      'responder/ana asked for the rollback model',
    ]);
    expect(await story.press('rollback')).toMatchObject({ message: 'a rollback of model is already inspecting' });
  });

  it('that the rollback has left the config', async () => {
    const story = storyOf(withRollback());
    story.ports.config = { ...story.ports.config, rollbacks: {} };
    await breaks(story);
    expect(await textsOf(story)).toEqual(['the rollback model is no longer in the config']);
    expect(await story.press('rollback')).toMatchObject({ message: 'the rollback model is no longer in the config' });
  });

  it('that the hook does not answer', async () => {
    const story = storyOf(withRollback());
    story.hook.manner = 'down';
    await breaks(story, '10m');
    expect(await textsOf(story)).toEqual([
      'no automatic rollback of model: the hook failed to report what is deployed: the hook did not answer; offered as a button',
    ]);
  });

  it('that what serves cannot be confirmed, or is another version', async () => {
    const textAfter = async (change: (story: Story) => void): Promise<string | undefined> => {
      const story = storyOf(withRollback());
      const { rollback } = story.hook;
      story.hook.rollback = async (...request) => {
        const outcome = await rollback(...request);
        change(story);
        return outcome;
      };
      await breaks(story, '5m');
      return (await textsOf(story)).at(-1);
    };
    expect(await textAfter(({ hook }) => void Object.assign(hook, { manner: 'mute' }))).toBe(
      'rolled model back from v2 to v1, which could not be confirmed (the hook does not say); watching 30m for recovery',
    );
    expect(await textAfter(({ hook }) => void Object.assign(hook.view, { current: 'v8' }))).toMatch(
      /, and it is now serving v8$/,
    );
  });

  it('that alert or incident were over before it was carried out', async () => {
    const textAfter = async (ends: (story: Story) => Promise<unknown>): Promise<string | undefined> => {
      const story = storyOf(withRollback());
      const { describe: ask } = story.hook;
      story.hook.describe = async (...args) => {
        const view = await ask(...args);
        if (story.hook.carriedOut.length === 0) story.hook.manner = 'down';
        return view;
      };
      await breaks(story, '90s');
      await ends(story);
      await story.pass('2m');
      story.hook.manner = 'works';
      await story.pass('5m');
      return (await textsOf(story)).at(-1);
    };
    expect(await textAfter((story) => story.press('resolve'))).toBe(
      'rolled model back from v2 to v1; the incident had been resolved before',
    );
    expect(await textAfter((story) => story.value('latency', 'ok'))).toBe(
      'rolled model back from v2 to v1; the alert had resolved before',
    );
  });

  it('that bad data upstream would hurt any version', async () => {
    const story = storyOf({
      ...withRollback(),
      rules: { late: ruleOn('late'), slow: ruleOn('latency', { rollback: 'model' }) },
      dependencies: {
        orders: { kind: 'data', match: { dataset: 'orders' } },
        model: { kind: 'model', match: { model: 'm' }, dependsOn: ['orders'] },
      },
    });
    await story.value('late', 'critical', { dataset: 'orders' });
    await breaks(story);
    expect(await textsOf(story)).toEqual([
      'no automatic rollback of model: another version would read the same data (upstream: late fires, and model model depends on data orders); offered as a button',
    ]);
  });
});

describe('a verdict says', () => {
  const config = storyOf(withRollback({ cooldown: '2h', dailyLimit: 2 })).ports.config.rollbacks['model'];
  const canary = (version: string, weight: number) => ({ version, weight });
  const candidate = (version: string, more = {}) => ({ version, servedMs: 24 * hour, ...more });
  const verdict = (view: Partial<DeploymentView>, more: Partial<Parameters<typeof decideRollback>[0]> = {}) => {
    if (config === undefined) throw new Error('the config has the rollback model');
    const all = { current: 'v2', revision: '2', candidates: [candidate('v1')], ...view };
    const question = { rollback: config, severity: 'critical' as const, deployment: undefined, view: all, byPerson: false };
    return decideRollback({ ...question, now: t0, ...more });
  };
  const split = [canary('v2', 0.95), canary('v3', 0.05)];
  const known = { deployment: 'model', knownBad: [], rolledBackAt: [], version: 1 };

  it.each([
    ['good', {}, {}, 'v1 is the last known good version'],
    ['a canary', { split }, {}, 'v3 is a canary beside v2 (v3 has 5 % of the traffic)'],
    ['the only one', { candidates: [] }, {}, 'no last known good version: v2 is the only one model has served'],
    [
      'no good one',
      {
        candidates: [
          candidate('v1', { compatible: false, why: 'it reads another table' }),
          candidate('v0', { servedMs: minute }),
        ],
      },
      {},
      'no last known good version: v1 is not compatible: it reads another table; v0 served only 1m (needs 1h)',
    ],
    ['of unknown service', { candidates: [{ version: 'v1' }] }, {}, 'v1 is not known to have served 1h'],
    [
      'deployed long ago',
      { candidates: [{ version: 'v1', deployedAt: t0 - 720 * hour }] },
      {},
      'v1 is not known to have served 1h; that it was deployed 30d ago does not say so',
    ],
    ['what the alert is about', {}, { alertVersion: 'v1' }, 'no last known good version: v1 is what the alert is about'],
    [
      'several canaries',
      { split: [...split, canary('v4', 0.05)] },
      {},
      'which of those that are tried is bad is not known (v3 has 5 % of the traffic, v4 has 5 % of the traffic)',
    ],
    [
      'the current one, beside a canary',
      { split },
      { alertVersion: 'v2' },
      'the alert is about v2, and not about what is tried beside it (v3 has 5 % of the traffic)',
    ],
    ['a warning', {}, { severity: 'warn' as const }, 'the alert is not critical'],
    [
      'cooling down',
      {},
      { deployment: { ...known, openedAt: t0 - 20 * minute } },
      'the breaker is open: the last rollback was 20m ago, the cool-down is 2h',
    ],
    [
      'half-open',
      {},
      { deployment: { ...known, openedAt: t0 - 3 * hour } },
      'v1 is the last known good version; the breaker is half-open',
    ],
    ['often enough', {}, { deployment: { ...known, rolledBackAt: [t0, t0] } }, 'the daily limit of 2 is reached'],
    [
      'rolled back itself',
      {},
      { deployment: { ...known, knownBad: [{ version: 'v1', at: t0, incidentId: 'inc-1' }] } },
      'no last known good version: v1 was itself rolled back on 2026-01-05 09:00 UTC',
    ],
    [
      'in flight',
      {},
      { deployment: { ...known, inFlight: { requestId: 'r', incidentId: 'inc-1', from: 'v2', to: 'v1', startedAt: t0 } } },
      'a rollback of model from v2 to v1 is in flight',
    ],
  ])('why: %s', (_name, view, more, reason) => {
    expect(verdict(view, more as object).reason).toBe(reason);
  });
});
