import { it } from 'vitest';
import { inMemoryAsTheModel, reopenedAsTheModel } from './sqlite-model.ts';

it('SQLite gives the same answers as the model, whatever happens to it', () => inMemoryAsTheModel(300));

it.each([0, 2, 12, 1_000_000])(
  'SQLite gives the same answers when it is closed and opened between, with %i buckets in memory',
  (cachedBuckets) => reopenedAsTheModel(cachedBuckets, 40),
);
