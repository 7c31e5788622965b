/** Answers Slack's buttons and the slash command within its three seconds: behind a Function URL, signature checked. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { httpApp } from '../http/app.ts';
import { answer } from './wiring/function-url.ts';
import { handlerOf } from './wiring/handler.ts';
import { once, wire } from './wiring/ports.ts';
import { wireSecrets } from './wiring/secrets.ts';

/** Told to the person who pressed a button that was refused; Slack waits for us meanwhile, so it gets little time. */
async function reply(responseUrl: string, text: string): Promise<void> {
  const body = JSON.stringify({ response_type: 'ephemeral', replace_original: false, text });
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(responseUrl, {
    method: 'POST',
    headers,
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(1200),
  });
  if (!response.ok) throw new Error(`Slack answered with status ${response.status}`);
}

const app = once(() =>
  httpApp({
    ports: wire({ secrets: wireSecrets() }),
    now: Date.now,
    runbooks: new Map(),
    access: 'public',
    serve: ['slack'],
    reply,
  }),
);

export const handler = handlerOf(
  'slack',
  (event: APIGatewayProxyEventV2) => answer(app(), event),
  (result) => ({ status: result.statusCode }),
);
