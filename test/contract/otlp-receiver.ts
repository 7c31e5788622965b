import type { IncomingHttpHeaders } from 'node:http';
import { type Received, standIn } from './stand-in.ts';

type Value = { stringValue?: string; intValue?: number | string; doubleValue?: number; boolValue?: boolean };
type Attribute = { key: string; value: Value };
type RawSpan = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
  links?: { traceId: string; spanId: string }[];
  status: { code: number };
};
type Request = { resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: RawSpan[] }[] }[] };

export type ReceivedSpan = {
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  name: string;
  kind: string | undefined;
  attributes: Record<string, unknown>;
  resource: Record<string, unknown>;
  links: { traceId: string; spanId: string }[];
  failed: boolean;
};

export type OtlpReceiver = Awaited<ReturnType<typeof otlpReceiver>>;

const kinds = [undefined, 'internal', 'server', 'client', 'producer', 'consumer'];

/**
 * Takes spans as a collector does, OTLP/HTTP in JSON, and refuses with 400 what is not well formed.
 */
export async function otlpReceiver() {
  let seen: Received[] = [];
  let fault: 'hang' | 'cut' | 'refuse' | undefined;
  const server = await standIn((request) => {
    seen.push(request);
    if (fault === 'hang' || fault === 'cut') return fault;
    if (fault === 'refuse') return { status: 503 };
    const wrong = request.path === '/v1/traces' ? wrongWith(request) : `nothing is at ${request.path}`;
    if (wrong !== undefined) return { status: 400, body: wrong };
    return { headers: { 'content-type': 'application/json' }, body: '{}' };
  });
  const all = (): ReceivedSpan[] => seen.flatMap((request) => (wrongWith(request) === undefined ? spansOf(request) : []));

  /** From the root of its trace down to a span; the root's parent may be elsewhere. */
  function lineOf(span: ReceivedSpan | undefined): ReceivedSpan[] {
    if (span === undefined) return [];
    const parent = all().find(({ traceId, spanId }) => traceId === span.traceId && spanId === span.parentSpanId);
    return [...lineOf(parent), span];
  }

  return {
    url: `${server.url}/v1/traces`,
    all,
    named: (name: string) => all().filter((span) => span.name === name),
    lineOf,
    wayTo: (span: ReceivedSpan | undefined) => lineOf(span).map(({ name }) => name),
    bodies: () => seen.map(({ body }) => body),
    headers: (): IncomingHttpHeaders[] => seen.map(({ headers }) => headers),
    /** From now on it hangs, cuts connections or answers 503. */
    fail(how: 'hang' | 'cut' | 'refuse') {
      fault = how;
    },
    clear() {
      seen = [];
      fault = undefined;
    },
    close: server.close,
  };
}

/** What is wrong with a request, in words, by opentelemetry-proto's JSON encoding. */
function wrongWith({ method, headers, body }: Received): string | undefined {
  if (method !== 'POST' || headers['content-type'] !== 'application/json') return 'expected a POST of application/json';
  const { resourceSpans } = JSON.parse(body) as Request;
  const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  if (spans.length === 0) return 'expected spans';
  for (const { traceId, spanId, parentSpanId, name, kind, startTimeUnixNano, endTimeUnixNano } of spans) {
    const ids =
      /^[0-9a-f]{32}$/.test(traceId) &&
      [spanId, ...(parentSpanId ? [parentSpanId] : [])].every((id) => /^[0-9a-f]{16}$/.test(id));
    if (!ids || name === '' || kinds[kind] === undefined) return `a span without a name, a kind or ids: ${name}`;
    if (!(BigInt(startTimeUnixNano) > 0n && BigInt(endTimeUnixNano) >= BigInt(startTimeUnixNano)))
      return `${name} ends before it begins`;
  }
  return undefined;
}

function spansOf({ body }: Received): ReceivedSpan[] {
  const { resourceSpans } = JSON.parse(body) as Request;
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ traceId, spanId, parentSpanId, name, kind, attributes, links = [], status }) => ({
        traceId,
        spanId,
        parentSpanId: parentSpanId === '' ? undefined : parentSpanId,
        name,
        kind: kinds[kind],
        attributes: plain(attributes),
        resource: plain(resource.attributes),
        links: links.map((link) => ({ traceId: link.traceId, spanId: link.spanId })),
        failed: status.code === 2,
      })),
    ),
  );
}

const plain = (attributes: readonly Attribute[]): Record<string, unknown> =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ??
        value.boolValue ??
        value.doubleValue ??
        (value.intValue === undefined ? undefined : Number(value.intValue)),
    ]),
  );
