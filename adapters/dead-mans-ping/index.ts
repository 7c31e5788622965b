/**
 * Pings a dead-man's switch: a GET to a service that raises an alarm when calls stop, such as
 * healthchecks.io, Dead Man's Snitch or Cronitor. Any 2xx within five seconds counts. No retries
 * here: the next minute calls again. Messages name only the host, because the path usually is the
 * secret, and so is a password in the address.
 */
import { exchange, isGood, reasonOf } from '../exchange.ts';

const usualTimeoutMs = 5000;

export function deadMansPing({ timeoutMs = usualTimeoutMs }: { timeoutMs?: number } = {}): (url: string) => Promise<void> {
  return async (url) => {
    const address = new URL(url);
    const status = await exchange(address, { headers: { 'User-Agent': 'tocsin' }, timeoutMs }, async (response) => {
      // Nothing of the answer is read, however long it is.
      response.destroy();
      return response.statusCode ?? 0;
    }).catch((cause: unknown) => {
      throw new Error(`${address.host} did not answer: ${reasonOf(cause)}`, { cause });
    });
    if (!isGood(status)) throw new Error(`${address.host} answered with HTTP status ${status}; check the address of the ping`);
  };
}
