import type { Log } from '../../app/ports/log.ts';
import type { Span } from '../../app/ports/tracer.ts';
import { type LogContext, logRecord, traceIdOf } from '../../core/selfcheck/logs/record.ts';

/** A container takes one event at a time, so what its records share is that of the event. */
let context: LogContext = { resource: {} };

/** Which span is under way, where spans are sent. */
export const currentSpan: { read: () => Pick<Span, 'traceId' | 'spanId'> | undefined } = { read: () => undefined };

/** From now on every record says which invocation it belongs to, and what else is given. */
export function beginLog(verb: string, requestId: string | undefined): void {
  context = {
    resource: { 'service.name': 'tocsin', 'deployment.environment.name': process.env['TOCSIN_STAGE'] ?? '', 'faas.name': verb },
    attributes: { requestId },
    // Lambda puts the trace of the event there before each invocation.
    traceId: traceIdOf(process.env['_X_AMZN_TRACE_ID']),
  };
}

/** Adds to what the records of this invocation share, such as the id of its tick. */
export function addToLog(attributes: Record<string, unknown>): void {
  context = { ...context, attributes: { ...context.attributes, ...attributes } };
}

/** One line of JSON. Through the console, Lambda would put it into a record of its own, and CloudWatch find no metrics in it. */
export const writeLine = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

export const log: Log = (level, message, fields = {}) => {
  if (level === 'debug') return;
  const { traceId, spanId } = currentSpan.read() ?? context;
  writeLine(logRecord(level, message, fields, { ...context, traceId, spanId }, Date.now()));
};
