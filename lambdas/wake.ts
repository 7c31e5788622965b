/**
 * Handles incidents that are due, and forwards effects that have waited long enough. Consumes the
 * queue `wakes`.
 */
import type { SQSEvent } from 'aws-lambda';
import { type Carrier, carryOut } from './wiring/carry-out.ts';
import { handlerOf } from './wiring/handler.ts';
import { once, wire } from './wiring/ports.ts';
import { wireQueues } from './wiring/queues.ts';

const carrier = once((): Carrier => ({ ports: wire(), queues: wireQueues(), kinds: ['timer'] }));

export const handler = handlerOf(
  { verb: 'wake', trigger: 'pubsub' },
  (event: SQSEvent) => carryOut(carrier(), event, Date.now),
  (result) => ({ failed: result.batchItemFailures.length }),
);
