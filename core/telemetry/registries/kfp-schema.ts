import * as z from 'zod';
import { askedParts, isOneWayIn, runParts, serverUrl } from './registry-parts.ts';

export const kfpSchema = z
  .strictObject({
    kind: z.literal('kfp').describe('Kubeflow Pipelines, which is asked for runs that failed and succeeded.'),
    url: serverUrl('/apis/').describe('Address of its API server, such as https://kubeflow.example.com/pipeline.'),
    namespace: z.string().min(1).optional().describe('The namespace whose runs count, where it serves several users.'),
    ...runParts,
    ...askedParts,
  })
  .refine(isOneWayIn, { error: 'expected either basic or bearer' });

export type KfpConfig = z.output<typeof kfpSchema>;
