import * as z from 'zod';
import type { HookKindOf } from '../hook-kind.ts';

/** `region` defaults to that of the Tocsin deployment. */
export type LambdaAliasHook = { kind: 'lambdaAlias'; functionName: string; alias: string; region?: string | undefined };

const written = z
  .strictObject({
    functionName: z.string().describe('Name or ARN of the function.'),
    alias: z.string().describe('The alias that rollbacks move.'),
    region: z.string().optional().describe("Region; by default the deployment's."),
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
