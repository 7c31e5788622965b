/**
 * Accepts predictions, labels and samples, behind a Function URL with an ingest key as bearer
 * token.
 */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { httpApp } from '../http/app.ts';
import { ingestPart } from '../http/parts/ingest.ts';
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
    parts: { ingest: ingestPart },
  }),
);

export const handler = handlerOf(
  { verb: 'ingest', trigger: 'http' },
  (event: APIGatewayProxyEventV2) => answer(app(), event),
  (result) => ({ status: result.statusCode }),
);
