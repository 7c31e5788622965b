import * as z from 'zod';
import { name } from '../../vocabulary/schema-parts.ts';
import { duration, positiveDuration } from '../../vocabulary/units.ts';

export const rollbackSchema = z.strictObject({
  deployment: name.describe('Name of the deployment.'),
  automatic: z.boolean().prefault(false).describe('false: only offered to a person, as a button.'),
  cooldown: duration.prefault('6h').describe('No automatic rollback for this long after one.'),
  dailyLimit: z.int().min(1).prefault(2).describe('Most automatic rollbacks in 24 hours; manual ones do not count.'),
  goodAfter: duration
    .prefault('1h')
    .describe('A version is good once it has served this long; docs/webhooks.md says how that is measured.'),
  verify: positiveDuration
    .prefault('30m')
    .describe('How long recovery is watched after a rollback; extended if the rule needs longer to show it.'),
  role: z.enum(['responder', 'admin']).prefault('responder').describe('The lowest role that may ask for it.'),
});

export type RollbackConfig = z.output<typeof rollbackSchema>;
