import { describe, expect, it } from 'vitest';
import { promote } from '../../app/ingest/serve.ts';
import { pageOf } from '../../core/response/paging/build.ts';
import { hour, minute, type Part, ruleOn, type Story, storyOf } from './harness.ts';

type RollbackInput = NonNullable<Part['rollbacks']>[string];
type RuleInput = NonNullable<Part['rules']>[string];

const withRollback = (more: Partial<RollbackInput> = {}, rule: Partial<RuleInput> = {}): Part => ({
  rules: { slow: ruleOn('latency', { rollback: 'model', ...rule }) },
  deployments: { model: { model: 'm', hook: { webhook: { url: 'https://hook.test', secret: 'HOOK' } } } },
  rollbacks: { model: { deployment: 'model', automatic: true, ...more } },
});

const lines = (story: Story): Promise<string[]> => story.told('rollback', 'rollback result', 'rollback refused');
const day = 24 * hour;

async function breaks(story: Story, labels?: Record<string, string>): Promise<void> {
  await story.value('latency', 'critical', labels);
  await story.pass('2m');
}

describe('a version is known to be good only when it is known to have served', () => {
  it('so one of unknown age is offered to a person, with what is not known, and never taken by itself', async () => {
    const story = storyOf(withRollback(), { candidates: [{ version: 'v1' }] });
    await breaks(story);
    expect(await lines(story)).toEqual(['0:01 rollback refused: model, v2 to v1, service unproven, offered']);
    expect(story.hook.carriedOut).toEqual([]);
    expect((await story.incident()).rollback).toMatchObject({ state: 'offered', from: 'v2', to: 'v1' });
    expect(pageOf(await story.incident(), story.ports.config, { reason: 'reminder', why: '', tier: 1, now: 0 })).toMatchObject({
      rollback: { offered: true },
    });
    expect(await story.press('rollback')).toMatchObject({ ok: true });
    await story.pass('1m');
    expect((await lines(story)).at(-2)).toBe('0:02 rollback: model, v2 to v1');
    expect(story.hook.carriedOut).toMatchObject([{ from: 'v2', to: 'v1' }]);
  });

  it('and not when it was deployed or published long ago', async () => {
    const story = storyOf(withRollback());
    story.hook.view.candidates = [{ version: 'v1', deployedAt: story.clock.now() - 30 * day }];
    await breaks(story);
    expect(story.hook.carriedOut).toEqual([]);
    expect((await lines(story))[0]).toBe('0:01 rollback refused: model, v2 to v1, service unproven, offered');
  });

  it('so the newest that is known to have served is taken, past newer ones that were only published', async () => {
    const story = storyOf(withRollback(), { candidates: [{ version: 'v1' }, { version: 'v0', servedMs: day }] });
    await breaks(story);
    expect(story.hook.carriedOut).toMatchObject([{ from: 'v2', to: 'v0' }]);
  });

  it('which Tocsin sees by itself when it looks, where the hook does not tell', async () => {
    const story = storyOf(withRollback(), { current: 'v1', candidates: [] });
    await story.passLooking('65m');
    story.hook.view = { current: 'v2', revision: '2', candidates: [{ version: 'v1' }] };
    await story.passLooking('10m');
    await breaks(story);
    expect(story.hook.carriedOut).toMatchObject([{ from: 'v2', to: 'v1' }]);
    expect((await lines(story))[0]).toMatch(/rollback: model, v2 to v1$/);
  });

  it('for as long as it takes: a version that was seen for less is offered with how long that was', async () => {
    const story = storyOf(withRollback(), { current: 'v1', candidates: [] });
    await story.passLooking('40m');
    story.hook.view = { current: 'v2', revision: '2', candidates: [{ version: 'v1' }] };
    await story.passLooking('10m');
    await breaks(story);
    expect(story.hook.carriedOut).toEqual([]);
    expect((await lines(story))[0]).toMatch(/model, v2 to v1, service unproven, offered$/);
  });

  it('and time in which nobody looked proves nothing', async () => {
    const story = storyOf(withRollback(), { current: 'v1', candidates: [] });
    await story.passLooking('30m');
    story.hook.manner = 'down';
    await story.passLooking('2h');
    story.hook.manner = 'works';
    await story.passLooking('20m');
    expect(await story.store.deployment('model')).toMatchObject({ served: [{ version: 'v1', ms: 50 * minute }] });
  });
});

describe('while a version is tried beside the current one', () => {
  const canary = {
    current: 'v2',
    split: [
      { version: 'v2', weight: 0.95 },
      { version: 'v3', weight: 0.05 },
    ],
  };

  it('it is the suspect: it is taken out, the current version stays, and only the other is condemned', async () => {
    const story = storyOf(withRollback(), canary);
    await breaks(story);
    expect(story.hook.carriedOut).toMatchObject([{ from: 'v3', to: 'v2' }]);
    expect((await lines(story)).slice(0, 2)).toEqual([
      '0:01 rollback: model, v3 to v2',
      '0:01 rollback result: model, v3 to v2, carried out',
    ]);
    expect((await story.store.deployment('model'))?.knownBad.map(({ version }) => version)).toEqual(['v3']);
    expect(story.hook.view.current).toBe('v2');
  });

  it('and it gets most of the traffic, what is left has to be known to have served', async () => {
    const split = [
      { version: 'v2', weight: 0.1 },
      { version: 'v3', weight: 0.9 },
    ];
    const story = storyOf(withRollback(), { ...canary, split });
    await breaks(story);
    expect(story.hook.carriedOut).toEqual([]);
    expect((await lines(story))[0]).toMatch(/model, v3 to v2, service unproven, offered$/);
  });

  it('an alert that names the current one is left to a person', async () => {
    const story = storyOf(withRollback(), canary);
    await breaks(story, { model: 'm', version: 'v2' });
    expect(story.hook.carriedOut).toEqual([]);
    expect((await lines(story))[0]).toMatch(/model, v2 to v1, alert about another version, offered$/);
    await story.press('rollback');
    await story.pass('1m');
    expect(story.hook.carriedOut).toMatchObject([{ from: 'v2', to: 'v1' }]);
  });

  it('an alert that names the one that is tried takes it out', async () => {
    const story = storyOf(withRollback(), canary);
    await breaks(story, { model: 'm', version: 'v3' });
    expect(story.hook.carriedOut).toMatchObject([{ from: 'v3', to: 'v2' }]);
  });

  it('several are left to a person, for which of them is bad is not known', async () => {
    const split = [...canary.split.slice(1), { version: 'v4', weight: 0.05 }, { version: 'v2', weight: 0.9 }];
    const story = storyOf(withRollback(), { ...canary, split });
    await breaks(story);
    expect(story.hook.carriedOut).toEqual([]);
    expect((await lines(story))[0]).toMatch(/model, v3 to v2, several canaries, offered$/);
  });
});

describe('an alert about a version that does not serve', () => {
  it('rolls nothing back by itself', async () => {
    const story = storyOf(withRollback());
    await breaks(story, { model: 'm', version: 'v1' });
    expect(story.hook.carriedOut).toEqual([]);
    expect((await lines(story))[0]).toMatch(/model, no good version$/);
  });

  it('counts for nothing where labels name versions in a way that the hook does not know', async () => {
    const story = storyOf(withRollback());
    await breaks(story, { model: 'm', version: '2026-01' });
    expect(story.hook.carriedOut).toMatchObject([{ from: 'v2', to: 'v1' }]);
  });
});

describe('what a hook says that it has done is looked at', () => {
  it('and where the old version still serves, that is a remedy failed, told at once', async () => {
    const story = storyOf(withRollback());
    story.hook.manner = 'lies';
    await breaks(story);
    expect(await lines(story)).toEqual(['0:01 rollback: model, v2 to v1', '0:01 rollback result: model, v2 to v1, not serving']);
    expect(story.pages().at(-1)).toBe('0:01 remedy failed: responder/ben by sns:ben');
    const deployment = await story.store.deployment('model');
    expect(deployment).toMatchObject({ knownBad: [], breaker: 'open', rolledBackAt: [expect.any(Number)] });
    expect(deployment?.inFlight).toBeUndefined();
    expect((await story.incident()).rollback).toMatchObject({ state: 'failed' });
  });

  it('also where a part of the traffic still goes to it', async () => {
    const story = storyOf(withRollback());
    const { rollback } = story.hook;
    story.hook.rollback = async (...request) => {
      const outcome = await rollback(...request);
      story.hook.view.split = [
        { version: 'v1', weight: 0.9 },
        { version: 'v2', weight: 0.1 },
      ];
      return outcome;
    };
    await breaks(story);
    expect((await lines(story)).at(-1)).toMatch(/, not serving$/);
  });

  it('or where somebody has deployed another one meanwhile', async () => {
    const story = storyOf(withRollback());
    const { rollback } = story.hook;
    story.hook.rollback = async (...request) => {
      const outcome = await rollback(...request);
      story.hook.view.current = 'v8';
      return outcome;
    };
    await breaks(story);
    expect((await lines(story)).at(-1)).toMatch(/, not serving$/);
  });

  it('and where that cannot be told, it is said, and recovery is watched all the same', async () => {
    const story = storyOf(withRollback());
    const { rollback } = story.hook;
    story.hook.rollback = async (...request) => {
      const outcome = await rollback(...request);
      story.hook.manner = 'mute';
      return outcome;
    };
    await story.value('latency', 'critical');
    await story.pass('5m');
    expect((await lines(story)).at(-1)).toMatch(/^0:0[23]\S* rollback result: model, v2 to v1, carried out, unconfirmed$/);
    await story.value('latency', 'ok');
    await story.pass('2m');
    expect((await story.incident()).rollback?.state).toBe('succeeded');
  });
});

describe('which version counts as served', () => {
  it.each([
    ['works', 'v1'],
    ['lies', 'v2'],
  ] as const)('follows from what serves, and not from what a hook says that it has done: %s', async (manner, serving) => {
    const part = withRollback();
    const story = storyOf({
      ...part,
      sources: { pushed: { kind: 'samples', labels: { environment: 'live' } }, shop: { kind: 'predictions', model: 'm' } },
      rules: {
        ...part.rules,
        wrong: {
          source: 'shop',
          query: { predictions: { metric: 'accuracy', over: '1h' } },
          step: '1h',
          category: 'performance',
          threshold: { below: { critical: 0.5 } },
          runbook: 'accuracy-drop',
          rollback: 'model',
        },
      },
    });
    await promote(story.ports, { source: 'shop', modelVersion: 'v2', actor: 'ana', role: 'admin' }, story.clock.now());
    story.hook.manner = manner;
    await breaks(story);
    expect(await story.store.serving('shop')).toMatchObject({ modelVersion: serving });
  });
});

describe('the end of an alert proves a rollback only by a value', () => {
  it('and not where values are missing and count as fine: that escalates when the watch ends', async () => {
    const story = storyOf(withRollback({ verify: '20m' }, { noData: 'ok' }));
    await story.value('latency', 'critical');
    await story.pass('1h');
    expect((await lines(story)).slice(2)).toEqual([
      expect.stringMatching(/^0:0\d rollback result: model, v2 to v1, unproven$/),
      '0:21 rollback result: model, v2 to v1, ended unproven',
    ]);
    // Nobody takes it, and so it goes on to the next tier.
    expect(story.pages().slice(-3)).toEqual([
      '0:21 remedy failed: responder/ben by sns:ben',
      '0:36 escalated: responder/lea by sns:lea',
      '0:51 reminder: responder/lea by sns:lea',
    ]);
    expect(await story.incident()).toMatchObject({ status: 'triggered', rollback: { state: 'failed' } });
    expect((await story.store.deployment('model'))?.inFlight).toBeUndefined();
  });

  it('which a value proves that comes before the watch has ended', async () => {
    const story = storyOf(withRollback({ verify: '20m' }, { noData: 'ok' }));
    await story.value('latency', 'critical');
    await story.pass('10m');
    expect((await story.incident()).status).toBe('triggered');
    await story.value('latency', 'ok');
    await story.pass('30m');
    expect((await lines(story)).at(-1)).toBe('0:11 rollback result: model, v2 to v1, proven');
    expect(await story.incident()).toMatchObject({ status: 'resolved', rollback: { state: 'succeeded' } });
    expect(story.pages().some((line) => line.includes('remedy'))).toBe(false);
  });

  it('or after it: then the incident ends', async () => {
    const story = storyOf(withRollback({ verify: '20m' }, { noData: 'ok' }));
    await story.value('latency', 'critical');
    await story.pass('@0:30');
    await story.value('latency', 'ok');
    await story.pass('2m');
    expect(await story.incident()).toMatchObject({ status: 'resolved', rollback: { state: 'succeeded' } });
  });

  it('and not where of M of N points the old ones have only been left behind', async () => {
    const story = storyOf(withRollback({ verify: '30m' }, { noData: 'ok', for: '3/5' }));
    for (let n = 0; n < 3; n += 1) {
      await story.value('latency', 'critical');
      await story.pass('1m');
    }
    await story.pass('1h');
    expect((await lines(story)).at(-1)).toMatch(/, ended unproven$/);
  });

  it('of which a person may make an end', async () => {
    const story = storyOf(withRollback({ verify: '20m' }, { noData: 'ok' }));
    await story.value('latency', 'critical');
    await story.pass('30m');
    await story.press('resolve');
    await story.pass('2h');
    expect(await story.incident()).toMatchObject({ status: 'resolved', resolvedBy: 'responder/ana', reopened: 0 });
  });

  it('and not where values come again that are as bad', async () => {
    const story = storyOf(withRollback({ verify: '20m' }, { noData: 'ok' }));
    await story.value('latency', 'critical');
    await story.pass('15m');
    for (let n = 0; n < 8; n += 1) {
      await story.value('latency', 'critical');
      await story.pass('1m');
    }
    expect((await lines(story)).at(-1)).toBe('0:21 rollback result: model, v2 to v1, not recovered');
  });

  it('a composite rule ends by the values of the rules it depends on', async () => {
    const both: Part = {
      ...withRollback({ verify: '20m' }),
      rules: {
        slow: ruleOn('latency', { noData: 'ok' }),
        bad: {
          composite: { all: [{ rule: 'slow' }] },
          category: 'latency',
          runbook: 'latency-spike',
          rollback: 'model',
        },
      },
    };
    const well = storyOf(both);
    await breaks(well);
    await well.value('latency', 'ok');
    await well.pass('2m');
    expect((await lines(well)).at(-1)).toMatch(/, proven$/);
    const silent = storyOf(both);
    await breaks(silent);
    await silent.pass('1h');
    expect((await lines(silent)).at(-1)).toMatch(/, ended unproven$/);
  });
});

describe('the watch on a rollback', () => {
  it('lasts at least as long as what the rule looks back on, so that no remedy is called failed while all is well', async () => {
    const part = withRollback(
      { verify: '30m' },
      { query: { samples: { metric: 'latency', over: '24h', statistic: 'max' } }, step: '1h' },
    );
    const story = storyOf(part);
    for (let n = 0; n < 30; n += 1) {
      await story.value('latency', n === 0 ? 'critical' : 'ok');
      await story.pass('1h');
    }
    expect((await story.entries('rollback result'))[0]?.data?.watchMs).toBe(26 * hour);
    expect((await lines(story)).at(-1)).toMatch(/, proven$/);
    expect(story.pages().some((line) => line.includes('remedy'))).toBe(false);
  });
});
