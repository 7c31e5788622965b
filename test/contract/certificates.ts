import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why there can be no certificate, in words; undefined when there can. */
export const whyNoTls =
  spawnSync('openssl', ['version']).status === 0
    ? undefined
    : 'openssl is not on this machine; on Debian: apt-get install openssl';

/** PEM texts. `cert` is of `localhost` and 127.0.0.1, signed by `ca`. */
export type Certificate = { ca: string; key: string; cert: string };

/** A certificate of a CA that is made for this test. */
export function certificate(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-tls-'));
  const openssl = (...args: string[]): void => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: folder });
    if (status !== 0) throw new Error(`openssl ${args[0]} failed: ${stderr}`);
  };
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  try {
    writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
    const key = ['-newkey', 'rsa:2048', '-nodes'];
    openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Tocsin test CA');
    openssl('req', ...key, '-keyout', 'own.key', '-out', 'own.csr', '-subj', '/CN=localhost');
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
    openssl('x509', '-req', '-in', 'own.csr', '-out', 'own.pem', ...signed);
    return { ca: text('ca.pem'), key: text('own.key'), cert: text('own.pem') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
