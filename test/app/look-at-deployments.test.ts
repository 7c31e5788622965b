import { describe, expect, it } from 'vitest';
import { lookAtDeployments } from '../../app/selfcheck/look-at-deployments.ts';
import { realRun } from '../../local/run/real-run.ts';
import { minute, type Part, ruleOn, storyOf } from '../scenario/harness.ts';

const part: Part = {
  rules: { slow: ruleOn('latency', { rollback: 'model' }) },
  deployments: {
    model: { hook: { webhook: { url: 'https://hook.test', secret: 'HOOK' } } },
    unused: { hook: { webhook: { url: 'https://hook.test', secret: 'HOOK' } } },
  },
  rollbacks: { model: { deployment: 'model' }, unused: { deployment: 'unused' } },
};

describe('deployments are looked at', () => {
  it('where rules may roll them back, and no others', async () => {
    const story = storyOf(part);
    expect(await lookAtDeployments(story.ports, story.clock.now())).toEqual({ seen: 1 });
    expect(await story.store.deployment('unused')).toBeUndefined();
    expect(await story.store.deployment('model')).toMatchObject({ sighting: { main: 'v2' }, version: 1 });
  });

  it('no more often than it is of use, whoever starts beside another', async () => {
    const story = storyOf(part);
    for (let n = 0; n < 8; n += 1) {
      await lookAtDeployments(story.ports, story.clock.now());
      story.clock.set(story.clock.now() + minute);
    }
    expect(story.hook.asked).toBe(2);
  });

  it('and one that does not answer only leaves a gap, and one word in the log', async () => {
    const story = storyOf(part);
    story.hook.manner = 'down';
    for (let n = 0; n < 3; n += 1) {
      expect(await lookAtDeployments(story.ports, story.clock.now())).toEqual({ seen: 0 });
      story.clock.set(story.clock.now() + 5 * minute);
    }
    expect(story.logged).toEqual([
      expect.stringMatching(/^warn: a deployment does not say which version it serves; .*did not answer/),
    ]);
    story.hook.manner = 'works';
    expect(await lookAtDeployments(story.ports, story.clock.now())).toEqual({ seen: 1 });
    expect(story.logged.at(-1)).toMatch(/^info: a deployment says again which version it serves/);
  });

  it('by the service from its start', async () => {
    const story = storyOf(part);
    const { describe: ask } = story.hook;
    const asked = new Promise<void>((resolve) => {
      story.hook.describe = async (...args) => {
        resolve();
        return ask(...args);
      };
    });
    const run = realRun(story.ports, story.clock, { drainMs: 10 });
    await asked;
    await run.stop();
  });
});
