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
      '0:01 rollback: model, v2 to v1',
      '0:01 rollback result: model, v2 to v1, carried out',
      '0:06 rollback result: model, v2 to v1, proven',
    ]);
    expect(await story.incident()).toMatchObject({
      status: 'resolved',
      rollback: { state: 'succeeded', from: 'v2', to: 'v1' },
    });
    expect(story.pages()).toEqual([
      '0:01 triggered: responder/ana by sns:ana',
      '0:02 rollback result: responder/ana by sns:ana',
      '0:06 resolved: responder/ana by sns:ana',
    ]);
    expect(await story.told('resolved')).toEqual(['0:06 resolved: rollback proven']);
    const [carriedOut] = await story.entries('rollback result');
    const { requestId } = (await story.incident()).rollback ?? {};
    expect(carriedOut?.data).toMatchObject({ requestId, providerId: `change ${requestId}`, watchMs: 30 * minute });
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
      '0:01 rollback result: model, v2 to v1, carried out',
      '0:11 rollback result: model, v2 to v1, not recovered',
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
      expect.stringMatching(/^0:04:\d\d rollback result: model, v2 to v1, carried out$/),
    ]);
    expect((await story.entries('rollback result'))[0]?.data?.watchMs).toBeUndefined();
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
      '0:05 rollback result: model, v2 to v1, unproven',
      '0:21 rollback result: model, v2 to v1, ended unproven',
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
    expect(await refusal(story)).toEqual(['0:01 rollback refused: model, v2 to v1, not automatic, offered']);
    expect((await story.incident()).rollback?.state).toBe('offered');
    await story.pass('7m');
    expect(story.phones.rung.at(-1)?.page.rollback).toMatchObject({ offered: true });
    expect(await story.press('rollback')).toMatchObject({ ok: true });
    expect(await story.press('rollback')).toMatchObject({ ok: false, kind: 'conflict' });
    await story.pass('1m');
    expect(story.hook.carriedOut).toHaveLength(1);
    expect((await story.entries('rollback')).map(({ actor }) => actor)).toEqual(['responder/ana', 'responder/ana']);
  });

  it('where there is no other version', async () => {
    const story = storyOf(withRollback(), { candidates: [] });
    expect(await refusal(story)).toEqual(['0:01 rollback refused: model, no good version']);
    expect((await story.incident()).rollback?.state).toBe('refused');
  });

  it('where the earlier version is not compatible, or has not served long enough', async () => {
    const story = storyOf(withRollback(), {
      candidates: [
        { version: 'v1', compatible: false, why: 'it reads another table', servedMs: day },
        { version: 'v0', servedMs: minute },
      ],
    });
    expect(await refusal(story)).toEqual(['0:01 rollback refused: model, no good version']);
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
    expect(await refusal(story)).toEqual([expect.stringMatching(/^0:0[23]\S* rollback refused: model, hook failed, offered$/)]);
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
    expect(await story.told('rollback result')).toEqual(['0:01 rollback result: model, v2 to v1, failed']);
    expect(story.pages().at(-1)).toBe('0:01 remedy failed: responder/ben by sns:ben');
    // Nobody knows how far it got: the breaker opens, and the version that was to be left is no way
    // back.
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
    expect(await story.told('rollback', 'rollback refused')).toEqual([
      '0:01 rollback: model, v2 to v1',
      '0:21 rollback refused: model, v3 to v1, cool-down, offered',
      '2:11 rollback: model, v3 to v1',
      '6:31 rollback refused: model, v4 to v1, daily limit, offered',
      '30:01 rollback: model, v4 to v1',
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
    expect(await story.told('rollback refused')).toEqual([expect.stringMatching(/model, no good version$/)]);
  });

  it('where it has left the config', async () => {
    const story = storyOf(withRollback());
    story.ports.config = { ...story.ports.config, rollbacks: {} };
    for (const host of ['a', 'b', 'c']) await story.value('latency', 'critical', { model: 'm', host });
    await story.pass('10m');
    expect(await story.told('rollback refused')).toEqual(['0:01 rollback refused: model, not in the config']);
    expect(await story.press('rollback')).toMatchObject({ ok: false, kind: 'conflict' });
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
      expect.stringMatching(/^0:0[23]\S* rollback refused: model, alert resolved$/),
      expect.stringMatching(/rollback: model, v2 to v1$/),
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
    expect(await story.told('rollback refused')).toEqual(['0:01 rollback refused: model, in flight']);
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
    expect(await story.told('rollback refused')).toEqual([expect.stringMatching(/model, in flight$/)]);
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
