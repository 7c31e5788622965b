/**
 * Answers Slack's buttons and slash command within three seconds, behind a Function URL with
 * signature check.
 */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { slackReply } from '../adapters/slack/reply.ts';
import { httpApp } from '../http/app.ts';
import { slackPart } from '../http/parts/slack.ts';
import { answer } from './wiring/function-url.ts';
import { handlerOf } from './wiring/handler.ts';
import { once, wire } from './wiring/ports.ts';
import { wireSecrets } from './wiring/secrets.ts';

const app = once(() =>
  httpApp({
    ports: wire({ secrets: wireSecrets() }),
    now: Date.now,
    runbooks: new Map(),
    access: 'public',
    parts: { slack: slackPart },
    reply: slackReply,
  }),
);

export const handler = handlerOf(
  { verb: 'slack', trigger: 'http' },
  (event: APIGatewayProxyEventV2) => answer(app(), event),
  (result) => ({ status: result.statusCode }),
);
