import middy, { type MiddyfiedHandler } from '@middy/core';
import type { SpanOptions } from '../../app/ports/tracer.ts';
import { beginLog, log } from './log.ts';
import { flushTraces, openTraces, tracer } from './traces.ts';

/** What triggers a function, in the terms of the FaaS semantic conventions. */
export type Trigger = 'timer' | 'datasource' | 'pubsub' | 'http' | 'other';

/**
 * Span kinds: a function answers a caller, or consumes from a queue or stream. A tick counts as
 * called by the clock.
 */
const kinds = { timer: 'server', http: 'server', other: 'server', pubsub: 'consumer', datasource: 'consumer' } as const;

let isCold = true;

/**
 * A Lambda handler that logs one record per invocation: what it did (`summary`), and how long it
 * took (ms). Errors are logged and rethrown, so that Lambda counts them and retries where the
 * source does. If spans are exported, the invocation is a span and flushes before it ends.
 */
export function handlerOf<Event, Result>(
  { verb, trigger }: { verb: string; trigger: Trigger },
  work: (event: Event) => Promise<Result>,
  summary: (result: Result) => Record<string, unknown>,
): MiddyfiedHandler<Event, Result> {
  const logged = async (event: Event): Promise<Result> => {
    const startedAt = performance.now();
    try {
      const result = await work(event);
      log('info', verb, { tookMs: Math.round(performance.now() - startedAt), ...(result ? summary(result) : {}) });
      return result;
    } catch (error) {
      log('error', `${verb} failed`, { error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
      throw error;
    }
  };
  return middy<Event, Result>()
    .before(async ({ context }) => {
      beginLog(verb, context?.awsRequestId);
      await openTraces(verb);
    })
    .after(flushTraces)
    .onError(flushTraces)
    .handler((event, context) => {
      const attributes = {
        'faas.trigger': trigger,
        'faas.invocation_id': context?.awsRequestId ?? '',
        'faas.coldstart': isCold,
      };
      isCold = false;
      const options: SpanOptions = { kind: kinds[trigger], attributes, parent: trigger === 'http' ? sentWith(event) : undefined };
      return tracer()?.span(verb, options, () => logged(event as Event)) ?? logged(event as Event);
    }) as MiddyfiedHandler<Event, Result>;
}

/** The sender's span from its headers (W3C Trace Context). */
const sentWith = (event: unknown): string | undefined =>
  (event as { headers?: Record<string, string | undefined> }).headers?.['traceparent'];
