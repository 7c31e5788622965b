import * as z from 'zod';
import { kindUnion } from '../../vocabulary/kind-union.ts';
import { name } from '../../vocabulary/schema-parts.ts';
import { type Hook, hookKinds } from '../hooks/hook.ts';

export const deploymentSchema = z.strictObject({
  model: name.optional().describe('The model it serves, for people.'),
  hook: kindUnion<Hook, typeof hookKinds>(hookKinds).describe(
    'How to ask it what it serves, and to return it to another version.',
  ),
});

export type DeploymentConfig = z.output<typeof deploymentSchema>;
