import assert from 'node:assert/strict';
import { wordsOf } from '../slack-stand-in.ts';
import type { Step } from '../steps.ts';
import { until } from '../until.ts';
import type { Stage, World } from '../world.ts';

/** The contact of the synthetic incident, in test/cloud/config. */
const contact = 'C0TEST';

/** The synthetic incident of the stack, which its sweep begins by itself after the deployment. */
export function syntheticStory(world: World, stage: () => Stage): Step[] {
  const health = async () =>
    JSON.parse((await stage().deployed.page('/healthz')).body) as { synthetic?: { state: string; timeToPageMs: number | null } };
  return [
    {
      name: 'a synthetic incident goes from the sweep to its contact, and its time to page into a metric',
      async work() {
        const { name, deployed } = stage();
        const pages = () => world.slack.messages.filter(({ channel }) => channel === contact);
        const page = await until(
          'the synthetic page',
          async () => {
            await world.account.evaluate(name);
            return pages()[0];
          },
          { seconds: 150, state: async () => ({ health: await health(), messages: world.slack.messages }) },
        );
        assert.match(wordsOf(page), /Synthetic incident/);
        const log = await world.account.sweep(name);
        const { synthetic } = await until(
          'its outcome',
          async () => ((await health()).synthetic?.state === 'arrived' ? health() : undefined),
          {
            seconds: 30,
            state: health,
          },
        );
        const took = synthetic?.timeToPageMs ?? Number.NaN;
        assert.ok(took > 0 && took <= 180_000, `${took} ms`);
        // A sweep of the schedule may have told it in the moment before; it is told once.
        const logged = /"SyntheticTimeToPage":(\d+)/.exec(log);
        if (logged === null) process.stdout.write('        its metric was logged by a sweep of the schedule\n');
        else assert.equal(Number(logged[1]), took);
        assert.deepEqual(await deployed.incidents('all'), [], 'it is in no list');
      },
    },
  ];
}
