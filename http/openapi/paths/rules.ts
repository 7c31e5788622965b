import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { auditLogSchema } from '../../api/dto/audit-entry.ts';
import { evidenceSchema } from '../../api/dto/evidence.ts';
import { insufficientEvidenceSchema } from '../../api/dto/insufficient-evidence.ts';
import { json, refusal } from '../answers.ts';
import { at, exampleAlert } from '../examples.ts';
import { look } from '../people.ts';

/** What is known about rules, and what was done that belongs to no incident. */
export const rulePaths: ZodOpenApiPathsObject = {
  '/api/evidence': {
    get: look({
      operationId: 'showEvidence',
      tags: ['Rules'],
      summary: 'How much is behind the points of each rule, and what is normal',
      description: '`tocsin check --url` counts by it how many false alarms to expect.',
      responses: {
        '200': json(evidenceSchema, 'Of rules whose source the store holds.', {
          at,
          rules: {
            'churn-accuracy': {
              totalSeries: 1,
              series: [{ samplesPerPoint: 400, value: 0.83, baseline: exampleAlert.baseline }],
            },
          },
        }),
      },
    }),
  },
  '/api/insufficient-evidence': {
    get: look({
      operationId: 'listInsufficientEvidence',
      tags: ['Rules'],
      summary: 'Rules that could not be judged for want of evidence',
      description: 'They are not to be taken for well.',
      responses: {
        '200': json(insufficientEvidenceSchema, 'Those of the latest evaluations.', {
          at,
          rules: [
            {
              rule: 'churn-accuracy',
              affectedSeries: 1,
              totalSeries: 1,
              reason: 'it rests on 12 samples, fewer than minCount 100',
              since: at,
            },
          ],
        }),
      },
    }),
  },
  '/api/audit-log': {
    get: look({
      operationId: 'showAuditLog',
      tags: ['Audit log'],
      summary: 'Who did what that belongs to no incident',
      description:
        'Silences, overrides, promotions, trainings, changes of the config, and what a person was refused: the newest entries, oldest first. Actions on an incident are on its timeline.',
      requestParams: { query: z.object({ limit: z.int().min(1).max(10_000).default(1000) }) },
      responses: {
        '200': json(auditLogSchema, 'The entries.', {
          at,
          entries: [
            {
              id: '9c1f0d2b7a3e4c55',
              at,
              kind: 'silenced',
              text: 'no pages for model=churn until 2026-01-05T11:05:00.000Z: deploying',
              actor: 'cli:ana',
              data: { silence: 'sil-3b1f0c9d2e' },
            },
          ],
        }),
        '400': refusal('The query is wrong.', 'expected limit 1 to 10000; received "x"'),
      },
    }),
  },
};
