import * as z from 'zod';
import { signedWebhook } from '../../access/signing/signed-webhook-schema.ts';
import { exactlyOne, name } from '../../vocabulary/schema-parts.ts';

const hookSchema = z
  .strictObject({
    lambdaAlias: z
      .strictObject({
        functionName: z.string().describe('Name or ARN of the function.'),
        alias: z.string().describe('The alias that is moved to another version.'),
        region: z.string().optional().describe('That of the deployment when left out.'),
      })
      .optional()
      .describe('An alias of a Lambda function.'),
    webhook: signedWebhook.optional().describe('A service of your own, as docs/webhooks.md describes it.'),
  })
  .superRefine(exactlyOne(['lambdaAlias', 'webhook']));

export const deploymentSchema = z.strictObject({
  model: name.optional().describe('The model that it serves; for people.'),
  hook: hookSchema.describe('How it is asked what it serves, and told to return to another version.'),
});

export type DeploymentConfig = z.output<typeof deploymentSchema>;
