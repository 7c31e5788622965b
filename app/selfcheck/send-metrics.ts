import type { Ports } from '../ports/ports.ts';
import type { SendMetrics } from '../ports/send-metrics.ts';
import { readMetrics } from '../query/own-metrics.ts';

export type SentMetrics = { outcome: 'nowhere' } | { outcome: 'sent'; families: number } | { outcome: 'failed'; error: string };

/**
 * Sends what `/metrics` shows, as `settings.metrics.send` says; called once a minute. What is not
 * taken is dropped: the next minute has newer values.
 */
export async function sendMetrics(
  ports: Ports,
  { send, version }: { send: SendMetrics; version: string },
  now: number,
): Promise<SentMetrics> {
  const to = ports.config.settings.metrics.send;
  if (to === undefined) return { outcome: 'nowhere' };
  try {
    const families = await readMetrics(ports, version, now);
    await send(families, { endpoint: to.endpoint, headers: await valuesOf(ports, to.headers) }, now);
    return { outcome: 'sent', families: families.length };
  } catch (cause) {
    const error = cause instanceof Error ? cause.message : String(cause);
    // Host only: such a URL may contain a token.
    ports.log('warn', 'metrics were not taken, and are dropped', { receiver: new URL(to.endpoint).host, error });
    return { outcome: 'failed', error };
  }
}

async function valuesOf({ secrets }: Ports, headers: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const values = Object.entries(headers).map(async ([header, name]) => {
    const value = (await secrets.get(name))?.trim();
    if (value === undefined || value === '') throw new Error(`the secret ${name} has no value; set it where Tocsin runs`);
    // What refuses such a header quotes it.
    if (!/^[\x20-\x7e]+$/.test(value))
      throw new Error(`expected the secret ${name} to hold one line of ASCII; received something else; store the value alone`);
    return [header, value] as const;
  });
  return Object.fromEntries(await Promise.all(values));
}
