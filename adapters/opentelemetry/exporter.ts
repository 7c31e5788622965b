import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Log } from '../../app/ports/log.ts';
import { signedForXray, xrayUrl } from './xray.ts';

/** How long the receiver may take for one batch. */
const answerWithinMs = 2000;
/** A receiver that failed is not asked again for this long. */
const restMs = 30_000;

type Options = { endpoint: string; log: Log; fetch?: typeof fetch };

/**
 * Posts batches of spans as OTLP in JSON, each once: what was not taken is dropped, for a trace is worth less than the work that
 * would wait for it.
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
          // The host only: an address of a collector may hold a token.
          log('warn', 'spans were not taken, and are dropped', { receiver: new URL(url).host, spans: spans.length, error });
          done({ code: failed });
        },
      );
    },
    shutdown: async () => {},
  };
}

/** ExportResultCode of the SDK. */
const taken = 0;
const failed = 1;
