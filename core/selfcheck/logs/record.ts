export type Level = 'debug' | 'info' | 'warn' | 'error';

/**
 * One record of a log, with the field names of the OpenTelemetry log data model. `timestamp` is RFC 3339 in UTC rather than
 * nanoseconds, since Lambda's JSON log format and people read that. `attributes` have the names of the semantic
 * conventions where there is one, and `tocsin.*` for what is ours.
 */
export type LogRecord = {
  timestamp: string;
  severityText: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  severityNumber: number;
  body: string;
  attributes: Record<string, unknown>;
  resource: Record<string, string>;
  /** Of the request that this belongs to: 32 hexadecimal digits. */
  traceId?: string;
  /** Of the span that wrote it, where spans are sent: 16 hexadecimal digits. */
  spanId?: string;
};

/** The lowest number of each severity's range. */
const numbers = { debug: 5, info: 9, warn: 13, error: 17 } as const;

/**
 * Ids that follow a sample to its page: the tick that judged it, the incident that it opened, the effect that pages. A tick
 * is named in the records of its evaluation, beside the incidents and effects it decided; a delivery names effect and incident.
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

/** What all records of a process, a tick or an invocation share. */
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

/** Fields without a value are left out; those without a name of their own become `tocsin.<field>`. */
function named(fields: Record<string, unknown>): Record<string, unknown> {
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) attributes[attributeNames[name] ?? (name.includes('.') ? name : `tocsin.${name}`)] = value;
  }
  return attributes;
}

/** The trace of `Root=1-58406520-a006649127e371903a2de979;Parent=...` as OpenTelemetry writes it, or undefined. */
export function traceIdOf(header: string | undefined): string | undefined {
  const root = /Root=1-([0-9a-f]{8})-([0-9a-f]{24})/.exec(header ?? '');
  return root === null ? undefined : `${root[1]}${root[2]}`;
}
