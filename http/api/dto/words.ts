import * as z from 'zod';
import { alertSeverities, categories } from '../../../core/vocabulary/schema-parts.ts';

/** Terms that several responses share. */
export const severitySchema = z.enum(alertSeverities).meta({ id: 'Severity', description: 'The severity; `info` pages nobody.' });

export const categorySchema = z
  .enum(categories)
  .meta({ id: 'Category', description: 'The row of the escalation matrix for the incident.' });

export const labelsSchema = z
  .record(z.string(), z.string())
  .meta({ id: 'Labels', description: 'Names and values that identify a series, alert or group.' });

export const actorNameSchema = z
  .string()
  .describe('The actor: `tocsin`, `responder/ana`, `slack:U123 (ana)`, `web:ana`, `cli:ana`, `key:prometheus`.');

export const answeredAt = 'Time of this response.';
