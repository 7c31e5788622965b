import type { Log } from '../../app/ports/log.ts';
import type { Span } from '../../app/ports/tracer.ts';
import { type LogContext, logRecord, traceIdOf } from '../../core/selfcheck/logs/record.ts';

/** A container handles one event at a time, so its records share that event's context. */
let context: LogContext = { resource: {} };

/** The current span, if spans are exported. */
export const currentSpan: { read: () => Pick<Span, 'traceId' | 'spanId'> | undefined } = { read: () => undefined };

/** Sets what every record of this invocation carries. */
export function beginLog(verb: string, requestId: string | undefined): void {
  context = {
    resource: { 'service.name': 'tocsin', 'deployment.environment.name': process.env['TOCSIN_STAGE'] ?? '', 'faas.name': verb },
    attributes: { requestId },
    // Lambda sets this trace before each invocation.
    traceId: traceIdOf(process.env['_X_AMZN_TRACE_ID']),
  };
}

/** Adds to what this invocation's records share, such as its tick id. */
export function addToLog(attributes: Record<string, unknown>): void {
  context = { ...context, attributes: { ...context.attributes, ...attributes } };
}

/**
 * Writes one JSON line. Through console, Lambda would wrap it, and CloudWatch would find no
 * metrics.
 */
export const writeLine = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

export const log: Log = (level, message, fields = {}) => {
  if (level === 'debug') return;
  const { traceId, spanId } = currentSpan.read() ?? context;
  writeLine(logRecord(level, message, fields, { ...context, traceId, spanId }, Date.now()));
};
