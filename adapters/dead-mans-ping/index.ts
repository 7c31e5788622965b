/**
 * An outbound dead-man's ping: a GET to an address of a service that raises an alarm once the calls stop, as
 * healthchecks.io, Dead Man's Snitch, Cronitor and others give one out. Any 2xx within five seconds is an arrival; nothing
 * is retried here, since the next minute calls again. Messages name the host only: the path usually is the secret.
 */
const timeoutMs = 5000;

export function deadMansPing(options: { fetch?: typeof fetch; timeoutMs?: number } = {}): (url: string) => Promise<void> {
  return async (url) => {
    const to = new URL(url).host;
    let response: Response;
    try {
      response = await (options.fetch ?? fetch)(url, {
        headers: { 'User-Agent': 'tocsin' },
        // Elsewhere is a place nobody named.
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
