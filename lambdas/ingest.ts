/**
 * Accepts predictions, labels and samples, behind a Function URL with an ingest key as bearer
 * token.
 */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Ports } from '../app/ports/ports.ts';
import { httpApp } from '../http/app.ts';
import { ingestPart } from '../http/parts/ingest.ts';
import { answer } from './wiring/function-url.ts';
import { handlerOf } from './wiring/handler.ts';
import { putIgnored } from './wiring/metrics.ts';
import { once, wire } from './wiring/ports.ts';
import { wireSecrets } from './wiring/secrets.ts';

const ports = (): Ports => {
  const wired = wire({ secrets: wireSecrets() });
  return { ...wired, observeIgnored: (ignored) => putIgnored(wired.config, ignored) };
};

const app = once(() =>
  httpApp({
    ports: ports(),
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
