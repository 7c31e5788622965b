import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';

/** Why there can be no certificate, in words; undefined when there can. */
export const whyNoTls =
  spawnSync('openssl', ['version']).status === 0
    ? undefined
    : 'openssl is not on this machine; on Debian: apt-get install openssl';

export type TlsServer = { url: string; ca: string; close(): Promise<void> };

/** The application behind TLS on `localhost`, with a certificate of a CA made for this test. */
export async function startTls(app: Hono): Promise<TlsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-tls-'));
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: folder });
    if (status !== 0) throw new Error(`openssl ${args[0]} failed: ${stderr}`);
  };
  writeFileSync(file('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Tocsin test CA');
  openssl('req', ...key, '-keyout', 'own.key', '-out', 'own.csr', '-subj', '/CN=localhost');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
  openssl('x509', '-req', '-in', 'own.csr', '-out', 'own.pem', ...signed);
  const server = createServer(
    { key: readFileSync(file('own.key')), cert: readFileSync(file('own.pem')) },
    getRequestListener(app.fetch),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    ca: file('ca.pem'),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
