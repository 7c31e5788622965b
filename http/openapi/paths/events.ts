import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { mostFollowers } from '../../../app/follow/feed.ts';
import { eventSchema } from '../../api/dto/event.ts';
import { faults, peopleOnly, refusal } from '../answers.ts';
import { people } from '../security.ts';

const eventId = z.string().optional();

/** What clients are told without asking. */
export const eventPaths: ZodOpenApiPathsObject = {
  '/api/events': {
    get: {
      operationId: 'followEvents',
      tags: ['Events'],
      summary: 'Follow what changes, as server-sent events',
      description: `On one machine; elsewhere it is 404, and clients ask again with \`If-None-Match\`. The \`data\` of each event is JSON that says what changed, not to what. A
client that comes back names the last event that it heard, and hears what came after, or \`reset\`. An event \`alive\` comes every 15 s. Up to ${mostFollowers} clients may follow; the next
one gets 503. How to follow: docs/events.md.`,
      security: people,
      requestParams: {
        query: z.object({
          after: eventId.meta({ description: 'The same as `Last-Event-ID`, for a client that cannot set headers.' }),
        }),
        header: z.object({ 'Last-Event-ID': eventId.meta({ description: 'The id of the last event that was heard.' }) }),
      },
      responses: {
        '200': {
          description: 'Events, until either side ends it.',
          content: {
            'text/event-stream': { schema: eventSchema, example: { kind: 'incident', id: 'inc-4f1c09a2b7', version: 4 } },
          },
        },
        '404': refusal(
          'There are no events here.',
          'there are no events here; ask again for what you show, with If-None-Match and its ETag',
        ),
        ...peopleOnly,
        ...faults,
      },
    },
  },
};
