import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readNow } from '../../app/query/now.ts';
import { readRulesHealth } from '../../app/query/rules-health.ts';
import { ruleOn, type Story, storyOf } from '../scenario/harness.ts';

const rules = {
  slow: ruleOn('latency', { title: 'Latency' }),
  calm: ruleOn('depth'),
  unsure: ruleOn('errors', { samples: { minCount: 30 } }),
};

type Step =
  | { do: 'value'; metric: 'latency' | 'depth' | 'errors'; level: 'ok' | 'warn' | 'critical'; model: 'a' | 'b' }
  | { do: 'pass'; time: '1m' | '7m' | '1h' }
  | { do: 'press'; response: 'acknowledge' | 'resolve' }
  | { do: 'silence'; model: 'a' | 'b' }
  | { do: 'look' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('value' as const),
    metric: fc.constantFrom('latency' as const, 'depth' as const, 'errors' as const),
    level: fc.constantFrom('ok' as const, 'warn' as const, 'critical' as const),
    model: fc.constantFrom('a' as const, 'b' as const),
  }),
  fc.record({ do: fc.constant('pass' as const), time: fc.constantFrom('1m' as const, '7m' as const, '1h' as const) }),
  fc.record({ do: fc.constant('press' as const), response: fc.constantFrom('acknowledge' as const, 'resolve' as const) }),
  fc.record({ do: fc.constant('silence' as const), model: fc.constantFrom('a' as const, 'b' as const) }),
  fc.record({ do: fc.constant('look' as const) }),
);

async function play(story: Story, one: Step): Promise<void> {
  switch (one.do) {
    case 'value':
      return story.value(one.metric, one.level, { model: one.model });
    case 'pass':
      return story.pass(one.time);
    case 'press':
      if ((await story.incidents()).length > 0) await story.press(one.response);
      return;
    case 'silence':
      return story.silence({ model: one.model }, '30m');
    case 'look':
      await readNow(story.ports, { viewer: undefined, scope: undefined }, story.clock.now());
  }
}

/** What this process keeps of what it answered before is left out; all else that it knows stays. */
const forgetful = ({ ports }: Story): Story['ports'] => ({
  ...ports,
  inFlight: { ...ports.inFlight, rulesHealth: undefined, nextSteps: new WeakMap() },
});

it('what is kept between two looks says the same as what is worked out anew, whatever happened in between', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const story = storyOf({ rules });
      for (const one of steps) {
        await play(story, one);
        const fresh = forgetful(story);
        expect(await readRulesHealth(story.ports)).toEqual(await readRulesHealth(fresh));
        const asked = { viewer: 'ana', scope: undefined };
        const [kept, anew] = await Promise.all([story.ports, fresh].map((ports) => readNow(ports, asked, story.clock.now())));
        expect(kept).toEqual(anew);
      }
    }),
    { numRuns: 40 },
  );
});

it('is worked out once for all who look while nothing changes, and again once something has', async () => {
  const story = storyOf({ rules });
  await story.value('latency', 'critical');
  await story.pass('2m');
  const first = await readRulesHealth(story.ports);
  expect(await readRulesHealth(story.ports)).toBe(first);
  await story.value('latency', 'ok');
  await story.pass('10m');
  const then = await readRulesHealth(story.ports);
  expect(then).not.toBe(first);
  expect(await readRulesHealth(story.ports)).toBe(then);
});
