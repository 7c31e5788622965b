export type Level = 'debug' | 'info' | 'warn' | 'error';

/**
 * One log record, with the field names of the OpenTelemetry log data model. `timestamp` is RFC 3339
 * in UTC, not nanoseconds: Lambda's JSON logs and people read that. `attributes` use
 * semantic-convention names where they exist, and `tocsin.*` otherwise.
 */
export type LogRecord = {
  timestamp: string;
  severityText: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  severityNumber: number;
  body: string;
  attributes: Record<string, unknown>;
  resource: Record<string, string>;
  /** The trace of the request: 32 hexadecimal digits. */
  traceId?: string;
  /** The span that wrote it, if spans are exported: 16 hexadecimal digits. */
  spanId?: string;
};

/** The lowest number in each severity's range. */
const numbers = { debug: 5, info: 9, warn: 13, error: 17 } as const;

/**
 * Ids that connect a sample to its page: the tick that judged it, the incident it opened, the
 * effect that pages. Evaluation records carry the tick with the incidents and effects it decided;
 * delivery records carry effect and incident.
 */
const attributeNames: Readonly<Record<string, string>> = {
  tick: 'tocsin.tick.id',
  incident: 'tocsin.incident.id',
  effect: 'tocsin.effect.id',
  rule: 'tocsin.rule.id',
  kind: 'tocsin.kind',
  actor: 'tocsin.actor',
  error: 'exception.message',
  requestId: 'faas.invocation_id',
};

/** Shared by all records of a process, tick or invocation. */
export type LogContext = {
  resource: Record<string, string>;
  attributes?: Record<string, unknown>;
  traceId?: string | undefined;
  spanId?: string | undefined;
};

export function logRecord(
  level: Level,
  body: string,
  fields: Record<string, unknown>,
  { resource, attributes = {}, traceId, spanId }: LogContext,
  at: number,
): LogRecord {
  return {
    timestamp: new Date(at).toISOString(),
    severityText: level.toUpperCase() as LogRecord['severityText'],
    severityNumber: numbers[level],
    body,
    attributes: named({ ...attributes, ...fields }),
    resource,
    ...(traceId === undefined ? {} : { traceId }),
    ...(spanId === undefined ? {} : { spanId }),
  };
}

/** Drops fields without a value. A field without a standard name becomes `tocsin.<field>`. */
function named(fields: Record<string, unknown>): Record<string, unknown> {
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) attributes[attributeNames[name] ?? (name.includes('.') ? name : `tocsin.${name}`)] = value;
  }
  return attributes;
}

/**
 * The trace id in `Root=1-58406520-a006649127e371903a2de979;Parent=...`, in OpenTelemetry format,
 * or undefined.
 */
export function traceIdOf(header: string | undefined): string | undefined {
  const root = /Root=1-([0-9a-f]{8})-([0-9a-f]{24})/.exec(header ?? '');
  return root === null ? undefined : `${root[1]}${root[2]}`;
}
