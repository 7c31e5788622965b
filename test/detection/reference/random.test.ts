import { expect, test } from 'vitest';
import { differencesOf, shrink, told } from './compare.ts';
import { storiesOf } from './generator.ts';

test('random rules on random series are judged as the documents say, whenever the clock ticks', async () => {
  for (let seed = 1; seed <= 4; seed += 1) {
    const [difference] = await differencesOf(storiesOf(seed, 15));
    if (difference !== undefined) expect.fail(`seed ${seed}: ${await told(await shrink(difference))}`);
  }
});
