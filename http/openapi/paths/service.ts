import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { errorSchema } from '../../api/dto/error.ts';
import { faults, foreignOnly, json } from '../answers.ts';
import { everybody } from '../security.ts';
import { healthSchema } from '../wire/health.ts';

const well = {
  ...{ status: 'ok', at: '2026-01-05T09:05:00.000Z', rules: 12, starting: 0, reasons: [], notes: [] },
  ...{ lastTickAgeMs: 8000, lastSweepAgeMs: 9000, lastConsistencyCheckAgeMs: 61_000, oldestDeliveryAgeMs: null },
  pages: { waiting: 0, held: 0, oldestAgeMs: null },
};

/** What Tocsin says about itself. */
export const servicePaths: ZodOpenApiPathsObject = {
  '/healthz': {
    get: {
      operationId: 'health',
      tags: ['Service'],
      summary: 'How Tocsin itself is',
      description: 'Open to whoever has the address. A balancer looks at the status, a monitor at `status`.',
      security: everybody,
      responses: {
        '200': json(healthSchema, '`ok` or `degraded`.', well),
        ...foreignOnly,
        '500': faults['500'],
        '503': json(
          z.union([healthSchema, errorSchema]),
          '`failing`; or what was noted cannot be read.',
          { ...well, status: 'failing', reasons: [{ kind: 'rules behind', text: 'the rules were last judged 6m ago' }] },
          {
            'Retry-After': {
              description: 'Seconds to wait, where what was noted cannot be read.',
              schema: { type: 'integer' },
            },
          },
        ),
      },
    },
  },
  '/openapi.json': {
    get: {
      operationId: 'openApi',
      tags: ['Service'],
      summary: 'This document',
      description: 'Open to whoever has the address: it is the same everywhere, and holds no secrets.',
      security: everybody,
      responses: {
        '200': json(z.looseObject({ openapi: z.string() }), 'OpenAPI 3.1.', { openapi: '3.1.1' }),
        ...foreignOnly,
      },
    },
  },
};
