import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Service } from '../../local/service.ts';
import { run } from '../cloud/run.ts';
import { project, tocsin } from './run.ts';
import { serviceIn } from './service.ts';

const cwd = project();

describe('a change', () => {
  let service: Service;
  const ask = (...args: string[]) => tocsin([...args, '--url', service.url], { cwd });
  beforeAll(async () => {
    service = await serviceIn(cwd);
  });
  afterAll(() => service.close());

  it('is told of by a command, once, and listed', async () => {
    const deploy = [
      'change',
      '--kind',
      'deploy',
      '--model',
      'churn',
      '--environment',
      'prod',
      '--version',
      '1.2',
      '--id',
      'run-1',
    ];
    expect(await ask(...deploy, '--previous-version', '1.1', '--by', 'ana')).toMatchObject({ code: 0, out: 'told\n' });
    expect(await ask(...deploy)).toMatchObject({ code: 0, out: expect.stringContaining('told of before') });
    const data = [
      'change',
      '--kind',
      'data',
      '--label',
      'dataset=orders',
      '--label',
      'tier=gold',
      '--at',
      new Date().toISOString(),
    ];
    expect(await ask(...data)).toMatchObject({ code: 0 });
    expect((await ask('changes')).out).toMatch(/dataset orders replaced[\s\S]*model churn deployed, 1\.1 → 1\.2 \(prod\)/);
    const { out } = await ask('changes', '--json', '--match', 'model="churn"', '--kind', 'deploy,flag');
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([
      { kind: 'deploy', version: '1.2', previousVersion: '1.1', by: 'ana', labels: { model: 'churn', environment: 'prod' } },
    ]);
  });

  it('that says nothing of what was changed is refused with what to do', async () => {
    expect(await ask('change', '--kind', 'deploy')).toMatchObject({
      code: 1,
      err: expect.stringContaining('expected at least one label'),
    });
    expect(await ask('change', '--kind', 'deployed', '--model', 'x')).toMatchObject({ code: 2 });
    expect(await ask('change', '--model', 'x')).toMatchObject({ code: 2 });
    expect(await ask('change', '--kind', 'flag', '--label', 'x')).toMatchObject({ code: 2 });
    expect(await ask('changes', '--kind', 'x')).toMatchObject({ code: 1, err: expect.stringContaining('expected kind') });
  });
});

it('is kept in the store of a service that does not run', async () => {
  const folder = project();
  await (await serviceIn(folder)).close();
  const ask = (...args: string[]) => tocsin([...args, '--store', '.tocsin/tocsin.sqlite'], { cwd: folder });
  expect(await ask('change', '--kind', 'flag', '--flag', 'ranker', '--version', 'on')).toMatchObject({ code: 0, out: 'told\n' });
  expect((await ask('changes')).out).toContain('flag ranker switched, on');
  expect(await ask('change', '--kind', 'flag')).toMatchObject({ code: 1 });
});

const missing = ['bash', 'curl', 'jq'].find((program) => spawnSync(program, ['--version']).status !== 0);

it.skipIf(missing !== undefined)(
  `is told by the step for GitHub Actions as docs/changes.md has it${missing === undefined ? '' : ` (skipped: it needs ${missing})`}`,
  async () => {
    const document = readFileSync(join(import.meta.dirname, '../../docs/changes.md'), 'utf8');
    const script = /^ {2}run: \|\n((?: {4}.*\n)+)/m.exec(document)?.[1] ?? '';
    const service = await serviceIn(project());
    const env = {
      ...{
        PATH: process.env['PATH'],
        TOCSIN_INGEST_URL: service.url,
        TOCSIN_INGEST_KEY: 'k',
        GITHUB_SHA: 'abcdef1234567890',
        GITHUB_ACTOR: 'ana',
      },
      ...{
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_REPOSITORY: 'acme/churn',
        GITHUB_RUN_ID: '42',
        GITHUB_RUN_ATTEMPT: '1',
      },
    };
    try {
      for (let n = 0; n < 2; n += 1) expect((await run('bash', ['-ec', script], { env })).status).toBe(0);
      const link = 'https://github.com/acme/churn/actions/runs/42';
      expect(await service.ports.store.changes({ limit: 9 })).toMatchObject([
        { kind: 'deploy', to: 'abcdef123456', by: 'ana', link },
      ]);
    } finally {
      await service.close();
    }
  },
);
