import { describe, expect, it } from 'vitest';
import { deliverEffect } from '../../app/deliver/deliver.ts';
import { hour, minute, type Part, ruleOn, type Story, storyOf } from './harness.ts';

type RollbackInput = NonNullable<Part['rollbacks']>[string];

const withRollback = (more: Partial<RollbackInput> = {}): Part => ({
  rules: { slow: ruleOn('latency', { rollback: 'model' }) },
  deployments: { model: { model: 'm', hook: { webhook: { url: 'https://hook.test', secret: 'HOOK' } } } },
  rollbacks: { model: { deployment: 'model', automatic: true, ...more } },
});

const rollbackLines = (story: Story): Promise<string[]> => story.told('rollback', 'rollback result', 'rollback refused');
const day = 24 * hour;

describe('a rollback that is decided', () => {
  it('is carried out, watched, and proven by the recovery that ends the incident', async () => {
    const story = storyOf(withRollback());
    await story.value('latency', 'critical');
    await story.pass('5m');
    expect(story.hook.view.current).toBe('v1');
    await story.value('latency', 'ok');
    await story.pass('5m');
    expect(await rollbackLines(story)).toEqual([
      '0:01 rollback: rolling model back from v2 to v1: v1 is the last known good version',
      '0:01 rollback result: rolled model back from v2 to v1; watching 30m for recovery',
      '0:06 rollback result: slow recovered 5m after its last breach: the rollback of model to v1 is proven',
    ]);
    expect(await story.incident()).toMatchObject({
      status: 'resolved',
      resolveReason: 'recovered after the rollback of model from v2 to v1',
      rollback: { state: 'succeeded', from: 'v2', to: 'v1' },
    });
    expect(story.pages()).toEqual([
      '0:01 triggered: responder/ana by sns:ana',
      '0:02 rollback result: responder/ana by sns:ana',
      '0:06 resolved: responder/ana by sns:ana',
    ]);
    const results = (await story.store.timeline((await story.incident()).id)).filter(({ kind }) => kind === 'rollback result');
    const { requestId } = (await story.incident()).rollback ?? {};
    expect(results[0]?.data).toEqual({ requestId, providerId: `change ${requestId}` });
    expect(await story.store.deployment('model')).toMatchObject({ knownBad: [{ version: 'v2' }] });
    expect((await story.store.deployment('model'))?.inFlight).toBeUndefined();
  });

  it('and does not help is a remedy failed: escalated at once, also when somebody has acknowledged', async () => {
    const story = storyOf(withRollback({ verify: '10m' }));
    await story.value('latency', 'critical');
    await story.pass('2m');
    await story.press('acknowledge');
    await story.pass('20m');
    expect(await story.told('rollback result', 'escalated')).toEqual([
      '0:01 rollback result: rolled model back from v2 to v1; watching 10m for recovery',
      '0:11 rollback result: remedy failed: model has not recovered on v1',
    ]);
    expect(story.pages().at(-1)).toBe('0:11 remedy failed: responder/ben by sns:ben');
    expect(await story.incident()).toMatchObject({ status: 'triggered', rollback: { state: 'failed' } });
    expect((await story.store.deployment('model'))?.inFlight).toBeUndefined();
  });

  it('and does not help once everybody has been paged begins again at tier 1', async () => {
    const story = storyOf(withRollback({ verify: '2h' }));
    await story.value('latency', 'critical');
    await story.pass('@2:05');
    expect(story.pages().at(-1)).toBe('2:01 remedy failed: responder/ana by sns:ana');
  });

  it('has nothing to prove where the alert resolved before it was carried out', async () => {
    const story = storyOf(withRollback({ verify: '10m' }));
    const { describe: ask } = story.hook;
    story.hook.describe = async (...args) => {
      const view = await ask(...args);
      story.hook.manner = 'down';
      return view;
    };
    await story.value('latency', 'critical');
    await story.pass('2m');
    await story.value('latency', 'ok');
    await story.pass('2m');
    story.hook.manner = 'works';
    await story.pass('1h');
    expect(await story.told('rollback result')).toEqual([
      expect.stringMatching(/^0:04:\d\d rollback result: rolled model back from v2 to v1; the alert had resolved before$/),
    ]);
    expect(story.pages().filter((line) => line.includes('remedy'))).toEqual([]);
  });

  it('is not proven by an alert that nothing judges any more', async () => {
    const story = storyOf({
      ...withRollback({ verify: '20m' }),
      rules: { slow: ruleOn('latency', { rollback: 'model' }), nulls: ruleOn('nulls') },
    });
    await story.value('latency', 'critical');
    await story.pass('5m');
    const { slow: _, ...others } = story.ports.config.rules;
    story.ports.config = { ...story.ports.config, rules: others };
    await story.pass('1h');
    expect((await story.told('rollback result')).slice(1)).toEqual([
      '0:05 rollback result: the rollback of model to v1 is unproven: the rule slow is no longer in the config',
      '0:21 rollback result: remedy unproven: the rule slow is no longer in the config',
    ]);
    expect(story.pages()).toContain('0:21 remedy failed: responder/ben by sns:ben');
    expect((await story.store.deployment('model'))?.inFlight).toBeUndefined();
  });

  it('that a person resolves while it is watched leaves nothing behind', async () => {
    const story = storyOf(withRollback());
    await story.value('latency', 'critical');
    await story.pass('5m');
    await story.press('resolve');
    expect((await story.incident()).rollback?.state).toBe('succeeded');
    expect((await story.store.deployment('model'))?.inFlight).toBeUndefined();
    await story.pass('40m');
    expect(await story.incident()).toMatchObject({ status: 'triggered', reopened: 1 });
    expect(await story.press('rollback')).toMatchObject({ ok: true });
  });
});

describe('a rollback is refused, with the reason and on offer', () => {
  const refusal = async (story: Story): Promise<string[]> => {
    await story.value('latency', 'critical');
    await story.pass('10m');
    return story.told('rollback refused');
  };

  it('where it is not automatic; a person may start it, and the page has the button', async () => {
    const story = storyOf(withRollback({ automatic: false }));
    expect(await refusal(story)).toEqual([
      '0:01 rollback refused: no automatic rollback of model: automatic rollback is off for it; offered as a button',
    ]);
    expect((await story.incident()).rollback?.state).toBe('offered');
    await story.pass('7m');
    expect(story.phones.rung.at(-1)?.page.rollback).toMatchObject({ offered: true });
    expect(await story.press('rollback')).toMatchObject({ ok: true });
    expect(await story.press('rollback')).toMatchObject({ ok: false, message: 'a rollback of model is already inspecting' });
    await story.pass('1m');
    expect(story.hook.carriedOut).toHaveLength(1);
    expect(
      (await story.store.timeline((await story.incident()).id))
        .filter(({ kind }) => kind === 'rollback')
        .map(({ actor }) => actor),
    ).toEqual(['responder/ana', 'responder/ana']);
  });

  it('where there is no other version', async () => {
    const story = storyOf(withRollback(), { candidates: [] });
    expect(await refusal(story)).toEqual([
      '0:01 rollback refused: no automatic rollback of model: no last known good version: v2 is the only one model has served',
    ]);
    expect((await story.incident()).rollback?.state).toBe('refused');
  });

  it('where the earlier version is not compatible, or has not served long enough', async () => {
    const story = storyOf(withRollback(), {
      candidates: [
        { version: 'v1', compatible: false, why: 'it reads another table', servedMs: day },
        { version: 'v0', servedMs: minute },
      ],
    });
    expect(await refusal(story)).toEqual([
      '0:01 rollback refused: no automatic rollback of model: no last known good version: v1 is not compatible: it reads another table; v0 served only 1m (needs 1h)',
    ]);
  });

  it('where the alert is only a warning: then it is not even considered', async () => {
    const story = storyOf(withRollback());
    await story.value('latency', 'warn');
    await story.pass('10m');
    expect(story.hook.asked).toBe(0);
    expect(await rollbackLines(story)).toEqual([]);
  });

  it('where the hook does not answer: it is asked again for a while, and then a person may', async () => {
    const story = storyOf(withRollback());
    story.hook.manner = 'down';
    expect(await refusal(story)).toEqual([
      expect.stringMatching(
        /^0:0[23]\S* rollback refused: no automatic rollback of model: the hook failed to report what is deployed: the hook did not answer; offered as a button$/,
      ),
    ]);
    expect(story.hook.asked).toBeGreaterThan(3);
  });

  it('where the hook refuses to carry it out: that is a remedy failed', async () => {
    const story = storyOf(withRollback());
    const { describe: ask } = story.hook;
    story.hook.describe = async (...args) => {
      const view = await ask(...args);
      story.hook.manner = 'refuses';
      return view;
    };
    await story.value('latency', 'critical');
    await story.pass('5m');
    expect(await story.told('rollback result')).toEqual([
      '0:01 rollback result: the rollback of model to v1 failed: the hook refuses',
    ]);
    expect(story.pages().at(-1)).toBe('0:01 remedy failed: responder/ben by sns:ben');
    // Nobody knows how far it got: the breaker opens, and the version that was to be left is no way back.
    const deployment = await story.store.deployment('model');
    expect(deployment).toMatchObject({ breaker: 'open', knownBad: [{ version: 'v2' }], rolledBackAt: [expect.any(Number)] });
    expect(deployment?.inFlight).toBeUndefined();
  });

  it('during the cool-down; it is half-open after it, and the daily limit holds', async () => {
    const story = storyOf({
      ...withRollback({ cooldown: '2h', dailyLimit: 2, verify: '10m' }),
      settings: { reopenWindow: '0s' },
    });
    const breaks = async (): Promise<void> => {
      await story.value('latency', 'critical');
      await story.pass('2m');
      await story.value('latency', 'ok');
      await story.pass('18m');
    };
    const releases = (version: string): void => {
      const { current, candidates } = story.hook.view;
      story.hook.view = {
        ...story.hook.view,
        current: version,
        candidates: [{ version: current, servedMs: day }, ...candidates],
      };
    };
    await breaks();
    releases('v3');
    await breaks();
    await story.pass('@2:10');
    await breaks();
    releases('v4');
    await story.pass('@6:30');
    await breaks();
    await story.pass('@30:00');
    await breaks();
    expect(
      (await story.told('rollback', 'rollback refused')).map((line) => line.replace(/^(\S+) (\S+).*model(:? .*)$/, '$1$3')),
    ).toEqual([
      '0:01 back from v2 to v1: v1 is the last known good version',
      '0:21: the breaker is open: the last rollback was 20m ago, the cool-down is 2h; offered as a button',
      expect.stringMatching(/^2:11 back from v3 to v1: .*; the breaker is half-open$/),
      '6:31: the daily limit of 2 is reached; offered as a button',
      expect.stringMatching(/^30:01 back from v4 to v1: /),
    ]);
  });

  it('to a version that was itself rolled back from', async () => {
    const story = storyOf({ ...withRollback({ cooldown: '0s', dailyLimit: 9 }), settings: { reopenWindow: '0s' } });
    await story.value('latency', 'critical');
    await story.pass('2m');
    await story.value('latency', 'ok');
    await story.pass('10m');
    story.hook.view = { ...story.hook.view, current: 'v3', candidates: [{ version: 'v2', servedMs: day }] };
    await story.value('latency', 'critical');
    await story.pass('2m');
    expect(await story.told('rollback refused')).toEqual([
      expect.stringMatching(/no last known good version: v2 was itself rolled back on 2026-01-05T09:01:00.000Z$/),
    ]);
  });

  it('where it has left the config', async () => {
    const story = storyOf(withRollback());
    story.ports.config = { ...story.ports.config, rollbacks: {} };
    for (const host of ['a', 'b', 'c']) await story.value('latency', 'critical', { model: 'm', host });
    await story.pass('10m');
    expect(await story.told('rollback refused')).toEqual([
      '0:01 rollback refused: the rollback model is no longer in the config',
    ]);
    expect(await story.press('rollback')).toMatchObject({ ok: false, message: 'the rollback model is no longer in the config' });
  });

  it('where the alert resolves before the hook has answered; when it fires again it is considered anew', async () => {
    const story = storyOf(withRollback());
    story.hook.manner = 'down';
    await story.value('latency', 'critical');
    await story.pass('61s');
    await story.value('latency', 'ok');
    await story.pass('60s');
    story.hook.manner = 'works';
    await story.pass('2m');
    expect(story.hook.carriedOut).toEqual([]);
    await story.value('latency', 'critical');
    await story.pass('2m');
    expect(await story.told('rollback', 'rollback refused')).toEqual([
      expect.stringMatching(/^0:0[23]\S* rollback refused: no automatic rollback of model: the alert has resolved since$/),
      expect.stringMatching(/rollback: rolling model back from v2 to v1/),
    ]);
    expect(story.hook.carriedOut).toHaveLength(1);
  });
});

describe('one deployment', () => {
  it('with two incidents is rolled back once; the other is told that one is in flight', async () => {
    const story = storyOf({ ...withRollback(), settings: { groupBy: ['host'] } });
    await story.value('latency', 'critical', { host: 'a' });
    await story.value('latency', 'critical', { host: 'b' });
    await story.pass('5m');
    expect(story.hook.carriedOut).toHaveLength(1);
    expect(await story.told('rollback refused')).toEqual([
      '0:01 rollback refused: no automatic rollback of model: a rollback of model from v2 to v1 is in flight',
    ]);
  });

  it('whose incident is resolved while the rollback runs is not given to another before that has ended', async () => {
    const story = storyOf({ ...withRollback(), settings: { groupBy: ['host'] } });
    const { rollback } = story.hook;
    let isDown = true;
    story.hook.rollback = async (...request) => {
      if (isDown) story.hook.manner = 'down';
      try {
        return await rollback(...request);
      } finally {
        story.hook.manner = 'works';
      }
    };
    await story.value('latency', 'critical', { host: 'a' });
    await story.pass('61s');
    await story.press('resolve');
    await story.value('latency', 'critical', { host: 'b' });
    await story.pass('61s');
    expect(await story.told('rollback refused')).toEqual([
      expect.stringMatching(/a rollback of model from v2 to v1 is in flight$/),
    ]);
    isDown = false;
    await story.pass('5m');
    expect(story.hook.carriedOut).toHaveLength(1);
    expect((await story.store.deployment('model'))?.inFlight).toBeUndefined();
  });

  it('does the same request only once, and its result counts once', async () => {
    const story = storyOf(withRollback());
    await story.value('latency', 'critical');
    await story.pass('2m');
    const before = [await story.incident(), await story.store.deployment('model')];
    for (const { id, kind } of story.decided.effects) {
      if (kind === 'rollback' || kind === 'describe_deployment') await deliverEffect(story.ports, id, story.clock.now() + hour);
    }
    expect([await story.incident(), await story.store.deployment('model')]).toEqual(before);
    expect(story.hook.carriedOut).toHaveLength(1);
  });
});
