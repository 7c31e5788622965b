import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keyHeader } from '../../core/access/signing/sign.ts';

export type ReceivedPage = { at: number; key: string; incident: string; model: string; reason: string };
export type Receiver = { url: string; pages: ReceivedPage[]; close(): Promise<void> };

/** Milliseconds since the epoch, with their fractions. */
export const timeNow = (): number => performance.timeOrigin + performance.now();

type Body = { reason: string; incident: { id: string; labels: Record<string, string> } };

/**
 * Takes pages over HTTP after `delayMs()`, and writes down each one, repeats as well, before it
 * answers.
 */
export async function receiver(delayMs: () => number = () => 0): Promise<Receiver> {
  const pages: ReceivedPage[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const at = timeNow();
      const { reason, incident } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Body;
      const key = String(request.headers[keyHeader.toLowerCase()] ?? '');
      pages.push({ at, key, incident: incident.id, model: incident.labels['model'] ?? '', reason });
      const delay = delayMs();
      if (delay === 0) response.end();
      else setTimeout(() => response.end(), delay);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pages,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
