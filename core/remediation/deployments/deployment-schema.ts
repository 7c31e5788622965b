import * as z from 'zod';
import { kindUnion } from '../../vocabulary/kind-union.ts';
import { name } from '../../vocabulary/schema-parts.ts';
import { type Hook, hookKinds } from '../hooks/hook.ts';

export const deploymentSchema = z.strictObject({
  model: name.optional().describe('The model that it serves; for people.'),
  hook: kindUnion<Hook, typeof hookKinds>(hookKinds).describe(
    'How it is asked what it serves, and told to return to another version.',
  ),
});

export type DeploymentConfig = z.output<typeof deploymentSchema>;
