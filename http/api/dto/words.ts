import * as z from 'zod';
import { categories, severities } from '../../../core/vocabulary/schema-parts.ts';

/** Terms that several responses share. */
export const severitySchema = z.enum(severities).meta({ id: 'Severity', description: 'How bad it is.' });

export const categorySchema = z
  .enum(categories)
  .meta({ id: 'Category', description: 'The row of the escalation matrix that an incident falls into.' });

export const labelsSchema = z
  .record(z.string(), z.string())
  .meta({ id: 'Labels', description: 'Names and values that tell one series, alert or group from another.' });

export const actorNameSchema = z
  .string()
  .describe('Who did it: `tocsin`, `responder/ana`, `slack:U123 (ana)`, `web:ana`, `cli:ana`, `key:prometheus`.');

export const answeredAt = 'When this was answered.';
