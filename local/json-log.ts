import { AsyncLocalStorage } from 'node:async_hooks';
import type { Log } from '../app/ports/log.ts';
import type { AuditObserver, Observer } from '../app/ports/observers.ts';
import type { Tracer } from '../app/ports/tracer.ts';
import { logRecord } from '../core/selfcheck/logs/record.ts';

const resource = { 'service.name': 'tocsin' };
const shared = new AsyncLocalStorage<Record<string, unknown>>();

/** Adds these attributes, such as a tick id, to every record that `work` logs. */
export const withLogged = <T>(attributes: Record<string, unknown>, work: () => Promise<T>): Promise<T> =>
  shared.run(attributes, work);

export type JsonLog = {
  log: Log;
  /** Adds the span ids to records from now on. */
  traceBy(tracer: Tracer): void;
  /** Logs decisions, deliveries and resulting effects, with their ids. */
  observe: Observer;
  /** Logs entries of the audit log. */
  observeAudit: AuditObserver;
  /** Logs lines meant for a person, such as terminal pages, as records. */
  write: (line: string) => void;
};

/**
 * The service log as JSON, one record per line (schema: core/selfcheck/logs/record.ts). Nothing
 * else goes to the output.
 */
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
        log('info', text, { incident: incidentId, kind, actor, effect: data?.effect });
      for (const { id, incidentId, kind } of effects) log('info', 'effect decided', { effect: id, incident: incidentId, kind });
    },
    observeAudit(entries) {
      for (const { kind, text, actor, id } of entries) log('info', text, { kind, actor, audit: id });
    },
    write: (line) => log('info', line),
  };
}
