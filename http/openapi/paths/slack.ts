import * as z from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { faults, foreignOnly, json, refusal, tooLarge } from '../answers.ts';
import { bodyLimit } from '../limits.ts';
import { slackAlone } from '../security.ts';
import { slackAnswerSchema, slackCommandSchema, slackInteractionSchema } from '../wire/slack.ts';

const signed: Pick<ZodOpenApiOperationObject, 'security' | 'x-called-by' | 'x-max-body-bytes' | 'requestParams' | 'tags'> = {
  tags: ['Slack'],
  'x-called-by': 'Slack',
  security: slackAlone,
  'x-max-body-bytes': bodyLimit.slack,
  requestParams: {
    header: z.object({
      'X-Slack-Request-Timestamp': z
        .string()
        .optional()
        .meta({ description: 'Unix seconds, at most five minutes from now.', examples: ['1767603900'] }),
    }),
  },
};

const answers: NonNullable<ZodOpenApiOperationObject['responses']> = {
  '401': refusal('The signature is wrong, too old, or was seen before.', 'this very request has been received before'),
  ...foreignOnly,
  ...tooLarge('larger than anything that Slack sends'),
  ...faults,
};

export const slackPaths: ZodOpenApiPathsObject = {
  '/slack/interactions': {
    post: {
      operationId: 'slackInteraction',
      summary: 'Called by Slack when somebody presses a button',
      description: 'Tocsin shows the result in the message, or sends it to the person who pressed, at the `response_url`.',
      ...signed,
      requestBody: {
        required: true,
        content: {
          'application/x-www-form-urlencoded': {
            schema: slackInteractionSchema,
            example: {
              payload:
                '{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"tocsin.acknowledge","value":"inc-4f1c09a2b7"}]}',
            },
          },
        },
      },
      responses: {
        '200': { description: 'It was taken, whatever came of it. The body is empty.' },
        '400': refusal('Not the press of one of our buttons.', 'expected a form with the field payload; received none'),
        ...answers,
      },
    },
  },
  '/slack/commands': {
    post: {
      operationId: 'slackCommand',
      summary: 'Called by Slack for the slash command',
      ...signed,
      requestBody: {
        required: true,
        content: {
          'application/x-www-form-urlencoded': {
            schema: slackCommandSchema,
            example: { command: '/tocsin', text: 'oncall', user_id: 'U1', user_name: 'ana' },
          },
        },
      },
      responses: {
        '200': json(slackAnswerSchema, 'What was done, or why not.', {
          response_type: 'ephemeral',
          text: 'ml: ben until 2026-01-05 13:05 UTC, then ana',
        }),
        ...answers,
      },
    },
  },
};
