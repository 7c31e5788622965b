import { type Context, Hono } from 'hono';
import { readMetrics } from '../app/query/own-metrics.ts';
import { nextTurn } from '../app/yield-to-event-loop.ts';
import { isKeyOf, keyIn } from '../core/access/ingest-keys/keys.ts';
import { exposedParts, expositionFor, expositions } from '../core/selfcheck/metrics/exposition.ts';
import type { MetricFamily } from '../core/selfcheck/metrics/family.ts';
import { processFamilies } from '../core/selfcheck/metrics/process-families.ts';
import { alertmanagerBuildInfo } from './compat/alertmanager/status.ts';
import type { HttpOptions } from './options.ts';
import { webRefusal } from './web-access.ts';

/** Several scrapers, or one in a hurry, cost as much as one. */
const keepMs = 5000;

const howToSee = "Tocsin's own metrics need the key of settings.metrics.key, or the web password: docs/metrics.md";

/**
 * `GET /metrics`, in OpenMetrics for whoever asks for it. A stranger sees which version runs, as
 * clients of an Alertmanager ask, and nothing else; with a key or password that is not right,
 * nothing.
 */
export function metricsRoute(options: HttpOptions): Hono {
  const { ports, now, usage, version = '0.0.0' } = options;
  const app = new Hono();
  let kept: { at: number; families: Promise<MetricFamily[]> } | undefined;
  const families = (): Promise<MetricFamily[]> => {
    const at = now();
    if (kept === undefined || at < kept.at || at - kept.at >= keepMs) {
      const reading = { at, families: readMetrics(ports, version, at) };
      kept = reading;
      // What failed is read again at once.
      reading.families.catch(() => {
        if (kept === reading) kept = undefined;
      });
    }
    return kept.families;
  };
  app.get('/metrics', async (c) => {
    c.header('Cache-Control', 'no-store');
    c.header('Vary', 'Accept, Authorization');
    const as = expositionFor(c.req.header('accept') ?? '');
    const refused = await refusal(c, options);
    const isStranger = refused !== undefined && c.req.header('authorization') === undefined;
    if (refused !== undefined && !isStranger) return refused;
    const own = isStranger ? [] : [...(await families()), ...(usage === undefined ? [] : processFamilies(usage()))];
    const parts = exposedParts([alertmanagerBuildInfo(options), ...own], as, isStranger ? [howToSee] : []);
    return c.body(inTurns(parts), 200, { 'Content-Type': expositions[as] });
  });
  return app;
}

/** A text as its reader takes it. Pages and other requests go on between its parts. */
function inTurns(parts: Generator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = parts.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
      await nextTurn();
    },
  });
}

/** Whoever has the key may see metrics, and so may people. */
async function refusal(c: Context, options: HttpOptions): Promise<Response | undefined> {
  const { config, secrets } = options.ports;
  const name = config.settings.metrics.key;
  const given = keyIn(c.req.header('authorization') ?? '');
  if (name !== undefined && given !== '' && isKeyOf((await secrets.get(name)) ?? '', given)) return undefined;
  return webRefusal(c, options);
}
