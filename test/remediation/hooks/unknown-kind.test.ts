import { expect, it } from 'vitest';
import type { Hook } from '../../../core/remediation/hooks/hook.ts';
import { ruleOn, storyOf } from '../../scenario/harness.ts';

it('a rollback through a hook of a kind that this Tocsin does not know is refused with its name, and people are called', async () => {
  const story = storyOf({
    rules: { slow: ruleOn('latency', { rollback: 'model' }) },
    deployments: { model: { hook: { webhook: { url: 'https://hook.test', secret: 'HOOK' } } } },
    rollbacks: { model: { deployment: 'model' } },
  });
  const { model } = story.ports.config.deployments;
  if (model === undefined) throw new Error('expected the deployment to be in the config');
  // As the config of a newer Tocsin may have it.
  model.hook = { kind: 'ecs', service: 'scorer' } as unknown as Hook;
  await story.value('latency', 'critical');
  await story.pass('2m');
  expect(await story.told('rollback refused')).toEqual(['0:01 rollback refused: model, hook failed, offered']);
  expect((await story.entries('rollback refused'))[0]?.text).toContain('unknown rollback hook kind "ecs"');
  expect(story.pages()[0]).toBe('0:01 triggered: responder/ana by sns:ana');
  expect(story.hook.asked).toBe(0);
});
