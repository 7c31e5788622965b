import { describe, expect, it } from 'vitest';
import { ruleOn, storyOf } from './harness.ts';

const rolling = (more: object = {}) =>
  ruleOn('latency', {
    threshold: undefined,
    degradation: { direction: 'rise', baseline: { rolling: { window: '20m', minPoints: 10 } } },
    ...more,
  });

describe('a baseline that is refused', () => {
  it('raises nothing while a new rule warms up, nor for new series one after the other', async () => {
    const story = storyOf({ rules: { slow: rolling() } });
    for (let n = 0; n < 90; n += 1) {
      // A new host every eight minutes, each of which lives for sixteen.
      for (const host of [Math.floor(n / 8), Math.floor(n / 8) - 1])
        await story.value('latency', 10, { model: 'm', host: `${host}` });
      await story.pass('1m');
    }
    expect(await story.incidents()).toEqual([]);
  });

  it('raises an alert about the rule once it has lasted, says since when and why, and resolves when it is usable', async () => {
    const story = storyOf({ rules: { slow: rolling({ refusedFor: '30m' }) } });
    // One value every four minutes: never ten points in twenty minutes.
    for (let n = 0; n < 12; n += 1) {
      await story.value('latency', 10);
      await story.pass('4m');
    }
    expect(await story.told('opened', 'alert fired')).toEqual(['0:31 opened', '0:31 alert fired: slow, warn']);
    expect((await story.incident()).title).toBe('rule slow has no usable baseline (live)');
    expect((await story.incident()).alerts[0]?.reason).toMatch(/^judges nothing of model=m since 2026-01-05 09:01 UTC \(30m\)/);
    expect(await story.incident()).toMatchObject({
      category: 'pipeline',
      severity: 'warn',
      alerts: [{ runbook: 'source-failing' }],
    });
    expect(story.pages()[0]).toContain('triggered: responder/ana');
    for (let n = 0; n < 25; n += 1) {
      await story.value('latency', 10);
      await story.pass('1m');
    }
    expect((await story.told('alert resolved')).at(-1)).toMatch(/: slow, warn$/);
  });

  it('by itself waits as long as the baseline looks back', async () => {
    const story = storyOf({ rules: { slow: rolling() } });
    for (let n = 0; n < 16; n += 1) {
      await story.value('latency', 0);
      await story.pass('1m');
    }
    // A median of 0 is no baseline, and never will be.
    for (let n = 0; n < 20; n += 1) {
      await story.value('latency', 0);
      await story.pass('1m');
    }
    expect(await story.told('alert fired')).toEqual(['0:25 alert fired: slow, warn']);
  });

  it('goes with its rule', async () => {
    const story = storyOf({ rules: { slow: rolling({ refusedFor: '10m' }), other: ruleOn('other') } });
    for (let n = 0; n < 5; n += 1) {
      await story.value('latency', 0);
      await story.pass('4m');
    }
    expect((await story.store.alerts()).map(({ aboutRule, state }) => [aboutRule, state])).toEqual([[true, 'firing']]);
    delete (story.ports.config.rules as Record<string, unknown>)['slow'];
    await story.value('latency', 0);
    await story.pass('2m');
    expect(await story.store.alerts()).toEqual([]);
  });
});
