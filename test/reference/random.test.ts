import { expect, test } from 'vitest';
import { differencesOf, shrink, told } from './compare.ts';
import { storiesOf } from './generator.ts';
import { isLeftOut } from './left-out.ts';

test('random rules on random series are judged as the documents say, whenever the clock ticks', async () => {
  let stories = 0;
  for (let seed = 1; stories < 200; seed += 1) {
    const some = storiesOf(seed, 25).filter((story) => !isLeftOut(story));
    stories += some.length;
    const [difference] = await differencesOf(some);
    if (difference !== undefined) expect.fail(`seed ${seed}: ${await told(await shrink(difference))}`);
  }
});
