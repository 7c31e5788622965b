import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { certificate } from '../contract/certificates.ts';

export { whyNoTls } from '../contract/certificates.ts';

export type TlsServer = { url: string; ca: string; close(): Promise<void> };

/** The application behind TLS on `localhost`, with a certificate of a CA made for this test. */
export async function startTls(app: Hono): Promise<TlsServer> {
  const { ca, key, cert } = certificate();
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-tls-'));
  writeFileSync(join(folder, 'ca.pem'), ca);
  const server = createServer({ key, cert }, getRequestListener(app.fetch));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    ca: join(folder, 'ca.pem'),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
