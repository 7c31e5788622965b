import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { httpApp } from '../../http/app.ts';
import { allParts } from '../../http/parts/all.ts';
import { type Server, startServer } from '../../local/server.ts';
import { type Runtime, runtimeOf } from '../app/runtime.ts';

/** Why amtool cannot run here, in words; undefined when it can. */
const reason =
  spawnSync('amtool', ['--version']).status === 0
    ? undefined
    : 'amtool is not on this machine; on Debian: apt-get install prometheus-alertmanager';

const run = promisify(execFile);

describe.skipIf(reason !== undefined)(
  `amtool, as people use it on an Alertmanager${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    let runtime: Runtime;
    let server: Server;
    let folder: string;
    let login: string[] = [];

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'tocsin-amtool-'));
      writeFileSync(join(folder, 'login.yml'), 'basic_auth: { username: ana, password: of-the-pages }\n');
      login = [`--http.config.file=${join(folder, 'login.yml')}`];
      runtime = runtimeOf(
        {
          settings: { groupBy: ['service'], webPassword: 'WEB' },
          sources: { prom: { kind: 'alerts', category: 'availability', runbook: 'source-failing' } },
          routes: [{ name: 'dev', match: { environment: 'dev' }, pages: 'nobody' }],
        },
        { secrets: { get: async (name) => (name === 'WEB' ? 'of-the-pages' : undefined) } },
      );
      const app = httpApp({ parts: allParts, ports: runtime.ports, now: Date.now, runbooks: new Map(), access: 'local' });
      server = await startServer(app, 0);
    });
    afterAll(async () => {
      await server.close();
      await runtime.ports.store.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** What it prints; throws where it exits with another code than 0. */
    async function amtool(...args: string[]): Promise<string> {
      const { stdout } = await run('amtool', [`--alertmanager.url=${server.url}`, ...login, ...args]);
      return stdout.trim();
    }
    const importing = (file: string, ...args: string[]): Promise<string> => amtool('silence', 'import', ...args, file);

    test('adds alerts and finds them by matchers', async () => {
      await amtool('alert', 'add', 'alertname=Down', 'service=api', 'severity=page', '--annotation=summary=api is down');
      expect(await amtool('alert', 'query')).toMatch(/Down .*api is down .*active/);
      expect(await amtool('alert', 'query', 'Down', 'service=~"a.i"')).toMatch(/Down/);
      expect(await amtool('alert', 'query', 'service!=api')).not.toMatch(/Down/);
      expect(await amtool('alert', 'query', '-o', 'json', '-r', 'all')).toMatch(/"alertname":"Down"/);
    });

    test('silences, changes, expires and imports, as the console shows it', async () => {
      const id = await amtool('silence', 'add', 'alertname=Down', '-c', 'deploying', '-a', 'ana', '-d', '2h');
      expect(await runtime.ports.store.silences(Date.now())).toMatchObject([{ id, by: 'ana', comment: 'deploying' }]);
      expect(await amtool('alert', 'query')).not.toMatch(/Down/);
      expect(await amtool('alert', 'query', '-s')).toMatch(/Down .*suppressed/);
      await amtool('silence', 'update', id, '-d', '3h', '-c', 'still deploying');
      expect(await amtool('silence', 'query')).toMatch(new RegExp(`${id} .*alertname="Down" .*still deploying`));
      const file = join(folder, 'silences.json');
      writeFileSync(file, await amtool('silence', 'query', '-o', 'json'));
      await amtool('silence', 'expire', id);
      expect(await amtool('silence', 'query', '-q')).toBe('');
      expect(await amtool('silence', 'query', '--expired', '-q')).toBe(id);
      const imported = await importing(file, '--force');
      expect(await amtool('silence', 'query', '-q')).toBe(imported);
      expect(await importing(file)).toMatch(/^sil-/);
    });

    test('is told in words why a silence is refused', async () => {
      const refused = (...args: string[]) => amtool('silence', 'add', ...args).then(String, ({ stderr }) => String(stderr));
      expect(await refused('service=', '-c', 'x')).toMatch(/postSilencesBadRequest.*must not match the empty string/);
      expect(await refused('service=a', '-c', 'x', '-d', '3d')).toMatch(/takes the role admin/);
    });

    test('shows the config and where alerts go, and finds the config good', async () => {
      expect(await amtool('config', 'show')).toMatch(/routes:/);
      expect(await amtool('config', 'routes', 'show')).toMatch(/environment="dev".*receiver: \(nobody\)/);
      expect(await amtool('config', 'routes', 'test', 'severity=critical')).toBe('all');
      expect(await amtool('config', 'routes', 'test', 'severity=critical', 'environment=dev')).toBe('(nobody)');
      expect(await amtool('cluster', 'show')).toMatch(/disabled/);
      const { config } = (await (
        await fetch(`${server.url}/api/v2/status`, { headers: { Authorization: `Basic ${btoa('ana:of-the-pages')}` } })
      ).json()) as { config: { original: string } };
      const file = join(folder, 'alertmanager.yml');
      writeFileSync(file, config.original);
      expect((await run('amtool', ['check-config', file])).stdout).toMatch(/SUCCESS/);
    });

    test('with a wrong password reads nothing', async () => {
      const own = login;
      login = [];
      await expect(amtool('silence', 'query')).rejects.toThrow(/401/);
      login = own;
    });
  },
);
