import * as z from 'zod';
import { name } from '../../vocabulary/schema-parts.ts';
import { duration, positiveDuration } from '../../vocabulary/units.ts';

export const rollbackSchema = z.strictObject({
  deployment: name.describe('Name of the deployment.'),
  automatic: z.boolean().prefault(false).describe('false: only offered to a person as a button.'),
  cooldown: duration.prefault('6h').describe('After a rollback nothing automatic happens for this long.'),
  dailyLimit: z
    .int()
    .min(1)
    .prefault(2)
    .describe('At most this many automatic rollbacks in 24 hours; those that people ask for do not count.'),
  goodAfter: duration
    .prefault('1h')
    .describe('A version counts as good once it is known to have served this long; docs/webhooks.md says how it becomes known.'),
  verify: positiveDuration
    .prefault('30m')
    .describe('How long the rule is watched after a rollback for recovery; longer where the rule may take longer to show it.'),
  role: z.enum(['responder', 'admin']).prefault('responder').describe('Who may ask for it: this role, or a higher one.'),
});

export type RollbackConfig = z.output<typeof rollbackSchema>;
