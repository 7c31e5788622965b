import assert from 'node:assert/strict';
import { deployStage } from '../stage.ts';
import type { Step } from '../steps.ts';
import { until } from '../until.ts';
import type { Stage, World } from '../world.ts';

/** Two stages in one account and region. */
export function stagesStory(world: World, one: () => Stage, config: string): Step[] {
  let two: Stage;
  return [
    {
      name: 'a second stage in the same account begins empty, with keys of its own',
      async work() {
        two = await deployStage(world, 'two', config);
        assert.deepEqual(await two.deployed.incidents('all'), []);
        assert.deepEqual(await two.deployed.silences(), []);
        const sample = [{ metric: 'errors', service: 'elsewhere', value: 50 }];
        assert.equal((await two.deployed.push(sample, one().keys.ingest)).status, 401);
        assert.equal((await two.deployed.page('/', one().keys.web)).status, 401);
      },
    },
    {
      name: 'what happens in it pages its own people only, and leaves no trace in the first',
      async work() {
        two.traffic.set('errors', 'elsewhere', 50);
        await two.traffic.send();
        await until(
          'the page of the second stage',
          async () => {
            await world.account.evaluate('two');
            return (await two.pager.pages()).find(({ text }) => text.includes('service=elsewhere'));
          },
          { seconds: 60, state: () => two.deployed.incidents('all') },
        );
        await world.account.evaluate(one().name);
        assert.ok((await one().deployed.incidents('all')).every(({ groupLabels }) => groupLabels['service'] !== 'elsewhere'));
        assert.ok((await one().pager.pages()).every(({ text }) => !text.includes('elsewhere')));
      },
    },
    {
      name: 'it is removed with `cdk destroy`, and the first stage goes on',
      async work() {
        two.traffic.stop();
        assert.equal((await world.account.deadLetters('two')).length, 6);
        await world.cdk.destroy({ stage: 'two', config });
        assert.deepEqual(await world.account.deadLetters('two'), [], 'its queues are gone');
        assert.ok((await one().deployed.incidents('all')).length > 0);
        await one().traffic.send();
      },
    },
  ];
}
