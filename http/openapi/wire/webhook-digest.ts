import * as z from 'zod';
import { timeSchema } from '../../api/dto/time.ts';

export const webhookDigestSchema = z
  .object({
    version: z.literal(1).describe('Grows only when a receiver written for 1 could misread the body.'),
    kind: z.literal('digest'),
    key: z.string().describe('The same on every attempt, as `Tocsin-Key` is.'),
    at: timeSchema,
    title: z.string(),
    lines: z.array(z.string()).describe('Plain text, one idea a line; some are indented by two spaces.'),
    url: z.string().describe('The page of incidents.'),
  })
  .meta({ id: 'WebhookDigest' });
