import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { permissionsOf } from '../../../core/access/permission.ts';
import { sessionSchema } from '../../api/dto/session.ts';
import { json } from '../answers.ts';
import { at } from '../examples.ts';
import { look } from '../people.ts';

export const sessionPaths: ZodOpenApiPathsObject = {
  '/api/session': {
    get: look({
      operationId: 'showSession',
      tags: ['Signing in'],
      summary: 'Who am I, and what may I do',
      responses: {
        '200': json(sessionSchema, 'Whoever asks.', {
          at,
          person: { actor: 'web:ana', name: 'Ana', responder: 'ana' },
          role: 'responder',
          how: 'password',
          until: '2026-01-12T09:05:00.000Z',
          may: permissionsOf({ role: 'responder', responder: 'ana' }),
          teams: [{ name: 'ml-platform', isOwn: true, schedule: { name: 'ml', timezone: 'Europe/Berlin' } }],
          live: 'polling',
          version: '0.1.0',
        }),
      },
    }),
  },
};
