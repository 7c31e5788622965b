import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { errorSchema } from '../../api/dto/error.ts';
import { faults, foreignOnly, json, peopleOnly } from '../answers.ts';
import { everybody, people } from '../security.ts';
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
  '/metrics': {
    get: {
      operationId: 'metrics',
      tags: ['Service'],
      summary: 'Metrics, for Prometheus and what reads its formats',
      description:
        'In OpenMetrics 1.0 if `Accept` names it, else in the text format 0.0.4. Read with the key of `settings.metrics.key`, as a bearer token or the password of Basic auth, or with the web password. A request without either has `alertmanager_build_info` alone, by which clients of an Alertmanager find out the version. docs/metrics.md lists the metrics.',
      security: people,
      responses: {
        '200': {
          description: 'What is known now; at most five seconds old.',
          content: {
            'text/plain': { schema: z.string(), example: 'tocsin_open_incidents 0' },
            'application/openmetrics-text': { schema: z.string(), example: 'tocsin_open_incidents 0\n# EOF' },
          },
        },
        ...peopleOnly,
        ...faults,
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
