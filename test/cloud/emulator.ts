import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import tls from 'node:tls';
import { endWithUs, signalGroup } from './group.ts';
import { run } from './run.ts';
import { until } from './until.ts';

/** The account is what the emulator takes a 12-digit access key for. */
export const account = '111122223333';
export const region = 'eu-central-1';
export const credentials = { accessKeyId: account, secretAccessKey: 'of-nobody' };

export type Emulator = {
  url: string;
  port: number;
  /** Of the process, and of the group that its functions' processes are in. */
  pid: number;
  /**
   * Variables by which the CDK's command line finds it, and nothing of the machine's own AWS
   * settings.
   */
  env: NodeJS.ProcessEnv;
  /** The end of its log. */
  log(): string;
  stop(): Promise<void>;
};

/**
 * ministack as an AWS account: with TLS and with IAM enforced (`AUTH`), so that functions may do
 * what their roles allow and no more, and policies that ask for TLS are met. Functions run as
 * processes of its group, on the Node of this repository, and inherit `env`; `stop` ends them all,
 * as does the end of this process.
 */
export async function startEmulator(options: {
  python: string;
  scratch: string;
  port: number;
  env: Record<string, string>;
}): Promise<Emulator> {
  const { python, scratch, port } = options;
  const url = `https://127.0.0.1:${port}`;
  const temporary = join(scratch, 'emulator');
  mkdirSync(temporary);
  const certificate = join(temporary, 'server.crt');
  const key = join(temporary, 'server.key');
  await selfSigned(certificate, key);

  const logPath = join(scratch, 'emulator.log');
  const logFile = openSync(logPath, 'a');
  const child = spawn(python, [join(import.meta.dirname, 'account.py')], {
    cwd: temporary,
    detached: true,
    stdio: ['ignore', logFile, logFile],
    env: {
      PATH: `${join(import.meta.dirname, '../../node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
      HOME: temporary,
      TMPDIR: temporary,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      USE_SSL: '1',
      MINISTACK_SSL_CERT: certificate,
      MINISTACK_SSL_KEY: key,
      AUTH: 'true',
      MINISTACK_ACCOUNT_ID: account,
      MINISTACK_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_DEFAULT_REGION: region,
      LAMBDA_WARM_TTL_SECONDS: '600',
      ...options.env,
    },
  });
  closeSync(logFile);
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const release = endWithUs(child);

  // Clients of this process trust the certificate from here on.
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(certificate, 'utf8')]);
  const log = (): string => readFileSync(logPath, 'utf8').slice(-8000);
  const healthy = async (): Promise<boolean> => {
    if (child.exitCode !== null) throw new Error(`the emulator ended with ${child.exitCode}:\n${log()}`);
    const answer = await fetch(`${url}/_ministack/health`).catch(() => undefined);
    if (answer?.ok !== true) return false;
    const health = (await answer.json()) as { auth?: string };
    if (health.auth !== 'enabled') throw new Error(`expected the emulator to enforce IAM; it says auth ${health.auth}`);
    return true;
  };
  await until('the emulator to answer', healthy, { seconds: 60, state: log });

  return {
    url,
    port,
    pid: child.pid ?? 0,
    env: cliEnvironment(url, certificate, scratch),
    log,
    async stop() {
      release();
      signalGroup(child, 'SIGTERM');
      await Promise.race([ended, pause(3000)]);
      signalGroup(child, 'SIGKILL');
      await ended;
    },
  };
}

function cliEnvironment(url: string, certificate: string, scratch: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS_|CDK_|https?_proxy$|all_proxy$)/i.test(name));
  return {
    ...Object.fromEntries(inherited),
    PATH: `${join(import.meta.dirname, '../../node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_CA_BUNDLE: certificate,
    NODE_EXTRA_CA_CERTS: certificate,
    // The CDK remembers the account of a key, and must not remember this one.
    CDK_HOME: join(scratch, 'cdk-home'),
    CDK_DISABLE_CLI_TELEMETRY: '1',
    NO_COLOR: '1',
    FORCE_COLOR: '0',
  };
}

async function selfSigned(certificate: string, key: string): Promise<void> {
  const made = await run('openssl', [
    ...[
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=tocsin-test-cloud',
      '-keyout',
      key,
      '-out',
      certificate,
    ],
    ...['-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
  ]);
  if (made.status !== 0) throw new Error(`openssl could not make a certificate:\n${made.output}`);
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
