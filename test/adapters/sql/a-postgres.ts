import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../../local/free-port.ts';

const versions = '/usr/lib/postgresql';
/** The newest Postgres of Debian; undefined if there is none. */
const postgresFolder: string | undefined = existsSync(versions)
  ? readdirSync(versions)
      .sort((a, b) => Number(a) - Number(b))
      .map((version) => join(versions, version, 'bin'))
      .at(-1)
  : undefined;

/** Why no Postgres can run here, in words; undefined when one can. */
export const whyNoPostgres =
  postgresFolder === undefined ? 'PostgreSQL is not on this machine; on Debian: apt-get install postgresql' : undefined;

export type RunningPostgres = { port: number; run(sql: string): Promise<void>; stop(): Promise<void> };

/**
 * A Postgres of its own, on a free port, with the user `reader` and a password. It refuses to run
 * as root.
 */
export async function aPostgres(password: string): Promise<RunningPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-postgres-'));
  chmodSync(folder, 0o777);
  const data = join(folder, 'data');
  const isRoot = process.getuid?.() === 0;
  const as = (name: string, args: string[]): [string, string[]] => {
    const path = join(postgresFolder ?? '', name);
    return isRoot ? ['runuser', ['-u', 'postgres', '--', path, ...args]] : [path, args];
  };
  const call = (name: string, args: string[]): void => {
    execFileSync(...as(name, args), { stdio: 'ignore', cwd: folder });
  };
  call('initdb', ['-D', data, '--auth-local=trust', '--auth-host=scram-sha-256', '-U', 'postgres', '-N']);
  const port = await freePort();
  const server = spawn(...as('postgres', ['-D', data, '-p', String(port), '-k', folder, '-h', '127.0.0.1', '-F']), {
    stdio: 'ignore',
    cwd: folder,
  });
  const run = async (sql: string): Promise<void> => {
    const client = new pg.Client({ host: folder, port, user: 'postgres', database: 'postgres' });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  for (let tries = 0; ; tries += 1) {
    try {
      await run(`create role reader login password '${password}'; grant pg_read_all_data to reader`);
      break;
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return {
    port,
    run,
    async stop() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      call('pg_ctl', ['-D', data, '-m', 'immediate', 'stop']);
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
