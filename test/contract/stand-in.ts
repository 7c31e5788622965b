import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Received = { method: string; path: string; headers: IncomingHttpHeaders; body: string };
export type Answer = { status?: number; headers?: Record<string, string>; body?: string } | 'cut' | 'hang';
export type StandIn = { url: string; received: Received[]; close: () => Promise<void> };

/**
 * A local HTTP server in the place of an outside one. `answer` decides each answer; `cut` drops the
 * connection.
 */
export async function standIn(answer: (request: Received) => Answer | Promise<Answer>): Promise<StandIn> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
      received.push(seen);
      const said = await answer(seen);
      if (said === 'cut') request.socket.destroy();
      else if (said !== 'hang') response.writeHead(said.status ?? 200, said.headers).end(said.body ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * What an AWS client needs to talk to a stand-in: one attempt, for the tests of what follows from a
 * failure.
 */
export const awsClient = (endpoint: string) => ({
  endpoint,
  region: 'eu-central-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
  maxAttempts: 1,
});
