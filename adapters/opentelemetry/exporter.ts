import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Log } from '../../app/ports/log.ts';
import { signedForXray, xrayUrl } from './xray.ts';

/** The receiver's time limit per batch. */
const answerWithinMs = 2000;
/** A failed receiver is not called again for this long. */
const restMs = 30_000;

type Options = { endpoint: string; log: Log; fetch?: typeof fetch };

/**
 * Posts batches of spans as OTLP JSON, once each. What is refused is dropped: a trace is worth less
 * than the work that would wait for it.
 */
export function otlpExporter({ endpoint, log, fetch: post = fetch }: Options): SpanExporter {
  const isXray = endpoint === 'xray';
  const url = isXray ? xrayUrl() : endpoint;
  let restsUntil = Number.NEGATIVE_INFINITY;

  async function send(body: Uint8Array): Promise<void> {
    const headers: Record<string, string> = { 'content-type': 'application/json', 'user-agent': 'tocsin' };
    const response = await post(url, {
      method: 'POST',
      headers: isXray ? await signedForXray(url, headers, body) : headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(answerWithinMs),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
  }

  return {
    export(spans, done) {
      const body = performance.now() < restsUntil ? undefined : JsonTraceSerializer.serializeRequest(spans);
      if (body === undefined) return done({ code: failed });
      send(body).then(
        () => done({ code: taken }),
        (cause: unknown) => {
          restsUntil = performance.now() + restMs;
          const error = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
          // Host only: a collector's URL may contain a token.
          log('warn', 'spans were not taken, and are dropped', { receiver: new URL(url).host, spans: spans.length, error });
          done({ code: failed });
        },
      );
    },
    shutdown: async () => {},
  };
}

/** The SDK's ExportResultCode for success. */
const taken = 0;
const failed = 1;
