import * as z from 'zod';
import { whole } from '../../vocabulary/stored-parts.ts';
import type { Reads } from '../../vocabulary/stored-record.ts';
import type { FeatureCounts } from './summary.ts';

export const storedCounts = z.object({
  seen: whole,
  nulls: whole,
  mistyped: whole.optional(),
  outOfRange: whole.optional(),
  unseen: whole.optional(),
});
true satisfies Reads<typeof storedCounts, FeatureCounts>;
