/**
 * Pings a dead-man's switch: a GET to a service that raises an alarm when calls stop, such as
 * healthchecks.io, Dead Man's Snitch or Cronitor. Any 2xx within five seconds counts. No retries
 * here: the next minute calls again. Messages name only the host, because the path usually is the
 * secret.
 */
const timeoutMs = 5000;

export function deadMansPing(options: { fetch?: typeof fetch; timeoutMs?: number } = {}): (url: string) => Promise<void> {
  return async (url) => {
    const to = new URL(url).host;
    let response: Response;
    try {
      response = await (options.fetch ?? fetch)(url, {
        headers: { 'User-Agent': 'tocsin' },
        // A redirect would lead somewhere nobody configured.
        redirect: 'manual',
        signal: AbortSignal.timeout(options.timeoutMs ?? timeoutMs),
      });
    } catch (cause) {
      const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
      throw new Error(`${to} did not answer: ${inner}`, { cause });
    }
    await response.body?.cancel();
    if (!response.ok) throw new Error(`${to} answered with HTTP status ${response.status}; check the address of the ping`);
  };
}
