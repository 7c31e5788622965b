import * as z from 'zod';
import type { AlertRoute } from '../../alerting/routes/route.ts';
import { flappingSchema } from '../../detection/rules/flapping-schema.ts';
import { matchersSchema } from '../../vocabulary/matchers/matchers-schema.ts';
import { name } from '../../vocabulary/schema-parts.ts';
import { type Target, targetSchema } from './policy-schema.ts';

const shape = {
  name: name.describe('Shown on pages and timelines as the reason.'),
  match: matchersSchema.describe('Which alerts take it.'),
  policy: name.optional().describe('The escalation policy that pages. By default that of the route around it, or of the matrix.'),
  pages: z.literal('nobody').optional().describe('`nobody`: its alerts are recorded and shown, and page nobody.'),
  tell: z
    .array(targetSchema)
    .max(20)
    .prefault([])
    .describe('Who is told when its incident begins, gets worse and ends. Nobody of them has to act.'),
  flapping: flappingSchema
    .optional()
    .describe('When its alerts count as flapping, if their rule does not say; `settings.flapping` when left out.'),
  continue: z.boolean().prefault(false).describe('true: the routes after it are looked at, too. They may only tell others.'),
};

const isOneDecision = ({ policy, pages }: { policy?: string | undefined; pages?: 'nobody' | undefined }): boolean =>
  policy === undefined || pages === undefined;
const oneDecision = { error: 'expected a policy or `pages: nobody`; received both' };

const innermost = z.strictObject(shape).refine(isOneDecision, oneDecision);
const inner = z
  .strictObject({ ...shape, routes: z.array(innermost).optional().describe('Narrower routes inside it.') })
  .refine(isOneDecision, oneDecision);

/** Routes are nested up to three deep. */
export const routeSchema = z
  .strictObject({ ...shape, routes: z.array(inner).optional().describe('Narrower routes inside it, nested up to three deep.') })
  .refine(isOneDecision, oneDecision);

export type Route = AlertRoute<Target>;
true satisfies z.output<typeof routeSchema> extends Route ? true : false;
