import { AsyncLocalStorage } from 'node:async_hooks';
import type { Log } from '../app/ports/log.ts';
import type { Observer } from '../app/ports/observers.ts';
import type { Tracer } from '../app/ports/tracer.ts';
import { logRecord } from '../core/selfcheck/logs/record.ts';

const resource = { 'service.name': 'tocsin' };
const shared = new AsyncLocalStorage<Record<string, unknown>>();

/** Every record that comes of `work` also has these attributes, such as the id of the tick. */
export const withLogged = <T>(attributes: Record<string, unknown>, work: () => Promise<T>): Promise<T> =>
  shared.run(attributes, work);

export type JsonLog = {
  log: Log;
  /** From now on records have the ids of the span that wrote them. */
  traceBy(tracer: Tracer): void;
  /** What was decided and delivered, and which effects follow, by their ids. */
  observe: Observer;
  /** Lines that are meant for a person, such as pages to the terminal, as records as well. */
  write: (line: string) => void;
};

/** The log of the service as JSON, one record a line, in the schema of core/selfcheck/logs/record.ts: nothing else is written then. */
export function jsonLog(write: (line: string) => void, now: () => number): JsonLog {
  let span: Tracer['active'] = () => undefined;
  const log: Log = (level, message, fields = {}) => {
    if (level === 'debug') return;
    const context = { resource, attributes: shared.getStore() ?? {}, traceId: span()?.traceId, spanId: span()?.spanId };
    write(JSON.stringify(logRecord(level, message, fields, context, now())));
  };
  return {
    log,
    traceBy(tracer) {
      span = tracer.active;
    },
    observe(entries, effects) {
      for (const { incidentId, kind, text, actor, data } of entries)
        log('info', text, { incident: incidentId, kind, actor, effect: data?.['effect'] });
      for (const { id, incidentId, kind } of effects) log('info', 'effect decided', { effect: id, incident: incidentId, kind });
    },
    write: (line) => log('info', line),
  };
}
