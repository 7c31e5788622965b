import * as z from 'zod';
import { measured, text, whole } from '../../vocabulary/stored-parts.ts';
import type { Reads } from '../../vocabulary/stored-record.ts';
import type { FeatureProfile } from './profile.ts';
import type { Shape } from './shape.ts';

const sketch = z.object({ bins: z.array(z.number()) });
const moments = { count: whole, mean: measured, squares: measured, min: measured, max: measured };
const categories = z.object({ names: z.array(z.tuple([text, whole])), rest: z.array(whole).optional() });

export const storedProfile = z.object({
  count: whole,
  nulls: whole,
  numbers: z.object({ ...moments, sketch }).optional(),
  categories: categories.optional(),
  distinct: z.array(whole),
  mistyped: whole.optional(),
  outOfRange: whole.optional(),
  unseen: whole.optional(),
});
true satisfies Reads<typeof storedProfile, FeatureProfile>;

export const storedShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('numbers'), count: whole, others: whole.optional(), sketch }),
  z.object({ kind: z.literal('categories'), count: whole, others: whole.optional(), categories }),
]);
true satisfies Reads<typeof storedShape, Shape>;
