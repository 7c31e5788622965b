import { expect, it } from 'vitest';
import { nextPageOf, nextStepOf } from '../../core/response/incidents/next-step.ts';
import { storyOf, timeOf } from '../scenario/harness.ts';

/** What is said to happen next at each step of a story in which nobody acts. */
async function said(story: ReturnType<typeof storyOf>): Promise<string> {
  const step = nextStepOf(await story.incident(), story.ports.config);
  return step === undefined ? 'nothing' : `${timeOf(step.at)} ${step.kind}: ${step.targets.map(({ name }) => name).join(', ')}`;
}

it('the next step is what then happens, from the first page to the last', async () => {
  const story = storyOf();
  await story.value('latency', 'critical');
  await story.pass('1m');
  expect(await said(story)).toBe('0:16 next tier: ben');
  await story.pass('@0:16');
  expect(await said(story)).toBe('0:31 next tier: lea');
  await story.pass('@0:31');
  expect(await said(story)).toBe('0:46 reminder: lea');
  await story.pass('@0:46');
  expect(await said(story)).toBe('1:01 fallback: room');
  await story.pass('@1:01');
  expect(await said(story)).toMatch(/ starts again: ana$/);
  expect(story.pages().map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
    '0:01 triggered: responder/ana',
    '0:16 escalated: responder/ben',
    '0:31 escalated: responder/lea',
    '0:46 reminder: responder/lea',
    '1:01 escalated: channel/room',
  ]);
});

it('an acknowledged incident pages the first tier again when its acknowledgement ends', async () => {
  const story = storyOf();
  await story.value('latency', 'critical');
  await story.pass('1m');
  await story.press('acknowledge');
  expect(await said(story)).toMatch(/ acknowledgement ends: ana$/);
});

it('where everything is muted nobody is said to be paged', async () => {
  const story = storyOf();
  await story.value('latency', 'critical');
  await story.pass('1m');
  await story.silence({ rule: 'slow' }, '1h');
  await story.pass('1m');
  const incident = await story.incident();
  expect(nextStepOf(incident, story.ports.config)).toMatchObject({
    kind: 'next tier',
    targets: [],
    withheld: expect.any(String),
  });
  expect(nextPageOf(incident, story.ports.config)).toBeUndefined();
});

it('a policy without a last resort rests after its last tier, and then pages the first again when it was said to', async () => {
  const tiers = [{ targets: [{ responder: 'ana' }], ackWithin: '15m' }];
  const story = storyOf({ policies: { duty: { tiers, repeat: 0, ackTimeout: '2h' } } });
  await story.value('latency', 'critical');
  await story.pass('1m');
  expect(await said(story)).toBe('2:16 starts again: ana');
  await story.pass('@0:17');
  expect(await said(story)).toBe('2:16 starts again: ana');
  await story.pass('@2:16');
  expect(story.pages().map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
    '0:01 triggered: responder/ana',
    '2:16 reminder: responder/ana',
  ]);
});
