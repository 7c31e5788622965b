import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { addDeviceRequestSchema, deviceAddedSchema, deviceDoneSchema, devicesSchema } from '../../api/dto/devices.ts';
import { json, refusal } from '../answers.ts';
import { at } from '../examples.ts';
import { actorBody, deed, look } from '../people.ts';

const name = z.string().meta({ description: 'A responder of the config, or `me`.', examples: ['ana'] });
const path = z.object({ name });
const onePath = z.object({ name, id: z.string().meta({ description: 'Of the device.', examples: ['5f1d0c2b7a90'] }) });

const nobody = refusal('There is no such responder.', 'there is no responder "anna"; did you mean ana?');
const noDevice = refusal('There is no such responder or device.', 'ana has no device "5f1d0c2b7a90"; it may be removed already');
const wrong = refusal('The body is wrong, or nobody knows who `me` is.', 'expected no body, or one such as {"actor": "ana"}');

export const devicePaths: ZodOpenApiPathsObject = {
  '/api/contacts/{name}/devices': {
    get: look({
      operationId: 'listDevices',
      tags: ['Devices'],
      summary: 'Browsers that take pages',
      description: 'On which devices a responder switched pages on, and what another browser needs to subscribe.',
      requestParams: { path },
      responses: {
        '200': json(devicesSchema, 'All of them.', {
          at,
          responder: 'ana',
          publicKey: 'BHoKeJFzHJhXqNQ0CGKvWrJU4QbmcJTYkUGSLhqD0nNvK7VJ2y5dgw0x0uU_9fY3bZr1q1oOQk4kVwYxRjXnL2E',
          paged: true,
          devices: [
            {
              ...{ id: '5f1d0c2b7a90', name: 'Chrome on Android', addedAt: '2026-01-04T10:00:00.000Z' },
              takenAt: '2026-01-05T08:52:00.000Z',
            },
          ],
        }),
        '400': refusal(
          'Nobody knows who `me` is.',
          'pages go to responders of the config, and web is none; sign in as one, or name one',
        ),
        '404': nobody,
      },
    }),
    post: deed({
      operationId: 'addDevice',
      tags: ['Devices'],
      summary: 'Take pages in a browser',
      description:
        'For oneself; for somebody else it takes an admin. The same subscription is the same device. Its endpoint has to be at a push service that Tocsin knows, or that `settings.webPush.services` names.',
      requestParams: { path },
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: addDeviceRequestSchema,
            example: {
              endpoint: 'https://fcm.googleapis.com/fcm/send/dGhpcyBpcyBub3QgYW4gZW5kcG9pbnQ',
              keys: {
                p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
                auth: 'BTBZMqHH6r4Tts7J_aSIgg',
              },
              name: 'Chrome on Android',
            },
          },
        },
      },
      responses: {
        '200': json(deviceAddedSchema, 'Pages go there, too.', {
          message: 'pages to ana go to Chrome on Android',
          id: '5f1d0c2b7a90',
        }),
        '400': refusal(
          'The body is wrong, or the subscription is of no push service.',
          'the subscription cannot be used: expected an https:// URL; received one of http://',
        ),
        '404': nobody,
        '409': refusal('There are too many.', 'ana takes pages on 10 devices already; remove one of them first'),
      },
    }),
  },
  '/api/contacts/{name}/devices/{id}/remove': {
    post: deed({
      operationId: 'removeDevice',
      tags: ['Devices'],
      summary: 'Take no more pages in a browser',
      requestParams: { path: onePath },
      requestBody: actorBody,
      responses: {
        '200': json(deviceDoneSchema, 'No page goes there any more.', { message: 'no more pages by Chrome on Android' }),
        '400': wrong,
        '404': noDevice,
      },
    }),
  },
  '/api/contacts/{name}/devices/{id}/test': {
    post: deed({
      operationId: 'testDevice',
      tags: ['Devices'],
      summary: 'Send a test page to one device',
      description: 'At once and past the outbox: the answer says whether the push service took it.',
      requestParams: { path: onePath },
      requestBody: actorBody,
      responses: {
        '200': json(deviceDoneSchema, 'Its push service took it.', {
          message: 'its push service took a test page for Chrome on Android',
        }),
        '400': wrong,
        '404': noDevice,
        '502': refusal('Its push service did not take it.', 'push service fcm.googleapis.com: HTTP status 503'),
      },
    }),
  },
};
