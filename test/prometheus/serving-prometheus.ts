import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../local/free-port.ts';
import { whyNoPrometheus } from './real-prometheus.ts';

/** Why it cannot run here, in words; undefined when it can. */
export const whyNoServingPrometheus = (): string | undefined =>
  whyNoPrometheus() ?? (spawnSync('openssl', ['version']).status === 0 ? undefined : 'openssl is not on this machine');

export type ServingPrometheus = {
  url: string;
  username: string;
  password: string;
  /** The certificate of the authority, PEM. */
  ca: string;
  /** Gives it other recording rules; it reads them at once. */
  rules(yaml: string): void;
  kill(): Promise<void>;
};

const username = 'tocsin';
const password = 'only-for-tests';
/** Of that password, with the fewest rounds. */
const hash = '$2b$04$92n56BPrtfq8ioAEZnBCqe8q7mtT6q1dFjvVgYm6o25kMFsmUtweq';

/**
 * A real Prometheus that scrapes nothing, records what its rules say, and answers over TLS with a
 * password.
 */
export async function servePrometheus(records: string): Promise<ServingPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-prometheus-'));
  const file = (name: string): string => join(folder, name);
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
    ...['-keyout', file('key.pem'), '-out', file('cert.pem')],
  ]);
  if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`);
  writeFileSync(file('rules.yml'), records);
  writeFileSync(file('prometheus.yml'), `rule_files: [${file('rules.yml')}]\n`);
  writeFileSync(
    file('web.yml'),
    `tls_server_config: { cert_file: ${file('cert.pem')}, key_file: ${file('key.pem')} }\nbasic_auth_users: { ${username}: '${hash}' }\n`,
  );
  const port = await freePort();
  const child: ChildProcess = spawn(
    'prometheus',
    [
      `--config.file=${file('prometheus.yml')}`,
      `--web.config.file=${file('web.yml')}`,
      `--storage.tsdb.path=${file('data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => String(chunk).includes('ready to receive web requests') && resolve());
    child.on('exit', (code) => reject(new Error(`Prometheus ended with ${code}`)));
  });
  return {
    url: `https://localhost:${port}`,
    username,
    password,
    ca: readFileSync(file('cert.pem'), 'utf8'),
    rules(yaml) {
      writeFileSync(file('rules.yml'), yaml);
      child.kill('SIGHUP');
    },
    async kill() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
