import { expect, test } from 'vitest';
import { differencesOf, shrink, told } from './compare.ts';
import { storiesOf } from './generator.ts';

const many = 20_000;
/** Other stories than those of the fast test; another number tries others. */
const firstSeed = Number(process.env['TOCSIN_SEED'] ?? 1_000_000);

test(
  `${many} random rules and series are judged as the documents say`,
  async () => {
    let stories = 0;
    for (let seed = firstSeed; stories < many; seed += 1) {
      const some = storiesOf(seed, 100);
      stories += some.length;
      const [difference] = await differencesOf(some);
      if (difference !== undefined) expect.fail(`seed ${seed}: ${await told(await shrink(difference))}`);
    }
  },
  20 * 60_000,
);
