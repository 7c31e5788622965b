/**
 * Accepts predictions, labels and samples, behind a Function URL with an ingest key as bearer
 * token.
 */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { decodedOtlp } from '../adapters/otlp/decoded.ts';
import { otlpIntoTable } from '../app/ingest/otlp/otlp-into-table.ts';
import type { Ports } from '../app/ports/ports.ts';
import { httpApp } from '../http/app.ts';
import { ingestPart } from '../http/parts/ingest.ts';
import { answer } from './wiring/function-url.ts';
import { handlerOf } from './wiring/handler.ts';
import { log } from './wiring/log.ts';
import { putIgnored } from './wiring/metrics.ts';
import { deployedOtlpTable } from './wiring/otlp.ts';
import { once, wire } from './wiring/ports.ts';
import { wireSecrets } from './wiring/secrets.ts';

const ports = (): Ports => {
  const wired = wire({ secrets: wireSecrets() });
  return { ...wired, observeIgnored: (ignored) => putIgnored(wired.config, ignored) };
};

const app = once(() => {
  const wired = ports();
  return httpApp({
    ports: wired,
    otlp: otlpIntoTable({ table: deployedOtlpTable(), config: wired.config, log, decoded: decodedOtlp, now: Date.now }),
    now: Date.now,
    runbooks: new Map(),
    access: 'public',
    parts: { ingest: ingestPart },
  });
});

export const handler = handlerOf(
  { verb: 'ingest', trigger: 'http' },
  (event: APIGatewayProxyEventV2) => answer(app(), event),
  (result) => ({ status: result.statusCode }),
);
