import { randomUUID } from 'node:crypto';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answered = { status: number; ms: number };

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/**
 * One POST over a connection that is kept, under a key of its own. Cheaper for the sender than
 * fetch, as both share the machine.
 */
export function push(url: string, body: string, more: Record<string, string> = {}): Promise<Answered> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...keyFor(url), ...more };
    const sending = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode ?? 0, ms: performance.now() - began }));
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

/** Records count once under a key; alerts are known by their labels. */
const keyFor = (url: string): Record<string, string> => (url.includes('/v1/') ? { 'Idempotency-Key': randomUUID() } : {});

/**
 * Sends as fast as it is answered, `atOnce` requests side by side, for this long after `warmMs`, of
 * which nothing is counted. Returns how many were answered, and how long each took.
 */
export async function flood(
  url: string,
  bodyOf: (n: number) => string,
  { atOnce, forMs, warmMs = 0 }: { atOnce: number; forMs: number; warmMs?: number },
): Promise<{ perSecond: number; answers: Answered[] }> {
  const answers: Answered[] = [];
  const began = performance.now() + warmMs;
  let n = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() - began < forMs) {
      const answer = await push(url, bodyOf(n++));
      if (answer.status !== 200) throw new Error(`${url}: expected 200; received ${answer.status}`);
      if (performance.now() >= began) answers.push(answer);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { perSecond: (1000 * answers.length) / (performance.now() - began), answers };
}

/**
 * Sends to somebody who only answers, so that what is measured first is not measured by a cold
 * sender.
 */
export async function warmUp(forMs: number): Promise<void> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await flood(`http://127.0.0.1:${port}/`, (n) => JSON.stringify({ n }), { atOnce: 16, forMs });
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** The value below which this share of them lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
