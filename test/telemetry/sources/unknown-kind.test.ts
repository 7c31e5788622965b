import { expect, it } from 'vitest';
import { evaluate } from '../../../app/evaluate/evaluate.ts';
import type { SourceConfig } from '../../../core/telemetry/sources/source.ts';
import { minute, storyOf } from '../../scenario/harness.ts';

it('a source of a kind that this Tocsin does not know is asked by no other name: its rules are skipped, with the kind', async () => {
  const story = storyOf();
  // As the config of a newer Tocsin may have it.
  story.ports.config.sources['pushed'] = { kind: 'tomorrow', labels: {} } as unknown as SourceConfig;
  const { errors } = await evaluate(story.ports, story.clock.now() + minute);
  expect(errors).toEqual([{ rule: 'slow', error: 'unknown source kind "tomorrow"' }]);
});
