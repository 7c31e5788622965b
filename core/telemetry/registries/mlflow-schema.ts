import * as z from 'zod';
import { secretName } from '../../vocabulary/schema-parts.ts';
import { askedParts, isOneWayIn, runParts, serverUrl } from './registry-parts.ts';

export const mlflowSchema = z
  .strictObject({
    kind: z.literal('mlflow').describe('The model registry of MLflow.'),
    webhookSecret: secretName
      .optional()
      .describe('Name of the secret with which MLflow signs webhooks to `/v1/mlflow/NAME`. Without it none is taken.'),
    url: serverUrl('/api/2.0')
      .optional()
      .describe('Address of the server, which is then asked for aliases and new versions. Changes link to it.'),
    poll: z.boolean().prefault(true).describe('false: the server is not asked, and `url` serves links alone.'),
    runs: z
      .strictObject({
        experiments: z.array(z.string().min(1)).min(1).max(20).describe('Names of the experiments whose runs are asked for.'),
        ...runParts,
      })
      .optional()
      .describe('Runs that are asked for as well: one that failed is an alert of its experiment.'),
    ...askedParts,
  })
  .refine(isOneWayIn, { error: 'expected either basic or bearer' })
  .refine(({ runs, url, poll }) => runs === undefined || (url !== undefined && poll), {
    error: 'expected url, and poll not to be false, because runs are asked for',
    path: ['runs'],
  })
  .refine(({ webhookSecret, url }) => webhookSecret !== undefined || url !== undefined, {
    error: 'expected webhookSecret, url, or both, or nothing would be heard of it',
  });

export type MlflowConfig = z.output<typeof mlflowSchema>;

export type PolledMlflow = MlflowConfig & { url: string };
