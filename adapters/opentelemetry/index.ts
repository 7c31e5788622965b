/**
 * Spans by OpenTelemetry's SDK, sent as OTLP/HTTP to a collector, or to X-Ray with a signature of
 * AWS.
 *
 * - The endpoint is the whole address that takes `POST`, such as `http://127.0.0.1:4318/v1/traces`,
 *   or `xray`: that of X-Ray in the
 * region of the environment, which keeps spans once Transaction Search is on. Rights for it:
 * xray:PutSpans, xray:PutTraceSegments.
 * - Which span is under way travels with the asynchronous work itself; nothing is registered
 *   globally.
 * - A receiver that refuses, or does not answer within two seconds, is left alone for half a
 *   minute, and spans of that time are
 * dropped: work that is traced never fails and waits at most as long as whoever calls `flush` lets
 * it. It is said once a failure.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  defaultTextMapGetter,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Log } from '../../app/ports/log.ts';
import type { Span, Tracer } from '../../app/ports/tracer.ts';
import { otlpExporter } from './exporter.ts';

export type TracesOptions = {
  /** `xray`, or an http(s) URL. */
  endpoint: string;
  /** Attributes of all spans, such as `service.name`. */
  resource: Record<string, string>;
  log: Log;
  /** For tests. */
  fetch?: typeof fetch;
};

export type Traces = {
  tracer: Tracer;
  /** Sends ended spans. Returns when done or after `withinMs`. Never throws. */
  flush(withinMs: number): Promise<void>;
};

const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

const w3c = new W3CTraceContextPropagator();

/** An invalid traceparent gives a context without a span, so a new trace starts. */
const contextOf = (traceparent: string): Context => w3c.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter);

export function openTelemetry(options: TracesOptions): Traces {
  const processor = new BatchSpanProcessor({ exporter: otlpExporter(options), exportTimeoutMillis: 5000 });
  const provider = new TracerProvider({
    resource: resourceFromAttributes(options.resource),
    // The sender does not decide about sampling: a page must be traced whoever sent the sample.
    sampler: new AlwaysOnSampler(),
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer('tocsin');
  const underWay = new AsyncLocalStorage<{ context: Context; span: Span }>();

  return {
    tracer: {
      active: () => underWay.getStore()?.span,
      async span(name, { kind = 'internal', attributes, parent, links = [] }, work) {
        const from = parent === undefined ? underWay.getStore()?.context : contextOf(parent);
        const span = tracer.startSpan(
          name,
          { kind: kinds[kind], attributes, links: links.flatMap(linkTo) },
          from ?? ROOT_CONTEXT,
        );
        const own = spanOf(span);
        try {
          return await underWay.run({ context: trace.setSpan(ROOT_CONTEXT, span), span: own }, () => work(own));
        } catch (error) {
          own.failed(error instanceof Error ? error.name : 'unknown');
          throw error;
        } finally {
          span.end();
        }
      },
    },
    async flush(withinMs) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, withinMs);
      });
      // The exporter logs its own failures.
      await Promise.race([processor.forceFlush().catch(() => {}), late]);
      clearTimeout(timer);
    },
  };
}

function spanOf(span: OtelSpan): Span {
  const { traceId, spanId } = span.spanContext();
  return {
    traceId,
    spanId,
    traceparent: `00-${traceId}-${spanId}-01`,
    set: (attributes) => void span.setAttributes(attributes),
    rename: (name) => void span.updateName(name),
    link: (traceparent) => void span.addLinks(linkTo(traceparent)),
    failed(errorType) {
      span.setAttribute('error.type', errorType);
      span.setStatus({ code: SpanStatusCode.ERROR });
    },
  };
}

function linkTo(traceparent: string) {
  const context = trace.getSpanContext(contextOf(traceparent));
  return context === undefined ? [] : [{ context }];
}
