/**
 * Everything a span may carry, with semantic-convention names where they exist and `tocsin.*`
 * otherwise. A closed list, because spans leave the account more easily than logs: no labels,
 * values, people, addresses or error texts. `error.type` is the kind of an error; its text is in
 * the log, under the same ids.
 */
const spanAttributes = [
  'error.type',
  'faas.trigger',
  'faas.invocation_id',
  'faas.coldstart',
  'http.request.method',
  'http.route',
  'http.response.status_code',
  'messaging.system',
  'messaging.operation.type',
  'messaging.operation.name',
  'messaging.destination.name',
  'messaging.message.id',
  'messaging.batch.message_count',
  'db.system.name',
  'db.collection.name',
  'db.operation.name',
  'db.operation.batch.size',
  'tocsin.tick.id',
  'tocsin.incident.id',
  'tocsin.effect.id',
  'tocsin.effect.kind',
  'tocsin.effect.attempt',
  'tocsin.outcome',
  'tocsin.source.name',
  'tocsin.source.kind',
  'tocsin.requests',
  'tocsin.effects',
  'tocsin.conflicts',
  'tocsin.contact.kind',
  'tocsin.deployment',
] as const;

export type SpanAttributes = Partial<Record<(typeof spanAttributes)[number], string | number | boolean>>;

export const isSpanAttribute = (name: string): boolean => (spanAttributes as readonly string[]).includes(name);
