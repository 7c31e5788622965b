import * as z from 'zod';
import type { HookKindOf } from '../hook-kind.ts';

/** `region` defaults to that of the Tocsin deployment. */
export type LambdaAliasHook = { kind: 'lambdaAlias'; functionName: string; alias: string; region?: string | undefined };

const written = z
  .strictObject({
    functionName: z.string().describe('Name or ARN of the function.'),
    alias: z.string().describe('The alias that is moved to another version.'),
    region: z.string().optional().describe('That of the deployment when left out.'),
  })
  .describe('An alias of a Lambda function.');

export const lambdaAliasHook = {
  input: written,
  fromInput: (alias) => ({ kind: 'lambdaAlias', ...alias }),
  secrets: () => [],
  permissions: ({ functionName, region }) => [
    {
      actions: ['lambda:GetAlias', 'lambda:ListVersionsByFunction', 'lambda:UpdateAlias'],
      on: { by: 'function', functionName, region },
    },
  ],
  awsFault: () => undefined,
} satisfies HookKindOf<LambdaAliasHook, typeof written>;
