import middy, { type MiddyfiedHandler } from '@middy/core';
import { beginLog, log } from './log.ts';

/**
 * A Lambda handler that leaves one record for each invocation: what it did (`summary`) and how long it took (ms). An
 * error is logged with its kind and thrown on, so that Lambda counts it, and the event comes again where its source
 * does that.
 */
export function handlerOf<Event, Result>(
  verb: string,
  work: (event: Event) => Promise<Result>,
  summary: (result: Result) => Record<string, unknown>,
): MiddyfiedHandler<Event, Result> {
  // A container takes one event at a time.
  let startedAt = 0;
  return middy<Event, Result>()
    .before(({ context }) => {
      beginLog(verb, context?.awsRequestId);
      startedAt = performance.now();
    })
    .after(({ response }) => {
      log('info', verb, { tookMs: Math.round(performance.now() - startedAt), ...(response ? summary(response) : {}) });
    })
    .onError(({ error }) => {
      log('error', `${verb} failed`, {
        error: error === null || error === undefined ? 'unknown' : `${error.name}: ${error.message}`,
      });
    })
    .handler((event) => work(event as Event)) as MiddyfiedHandler<Event, Result>;
}
