import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Service } from '../../local/service.ts';
import { folderOf, project, root } from '../cli/run.ts';
import { serviceIn } from '../cli/service.ts';
import { run } from '../cloud/run.ts';

const page = readFileSync(join(root, 'docs/heartbeats.md'), 'utf8');
/** The example of a section, as it is in the page. */
const exampleIn = (heading: string): string =>
  new RegExp(`### ${heading}\\n[\\s\\S]*?\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';
const job = 'nightly-features';
const isThere = (program: string): Promise<boolean> =>
  run(program, ['--version']).then(
    ({ status }) => status === 0,
    () => false,
  );
const [hasPython, hasCurl] = await Promise.all([isThere('python3'), isThere('curl')]);

describe('the examples of docs/heartbeats.md', () => {
  let service: Service;
  const folder = folderOf({});
  const to = (text: string): string =>
    text.replaceAll('https://INGEST_URL', service.url).replaceAll('/tmp/features.log', join(folder, 'features.log'));
  const env = { PATH: process.env['PATH'], BATCH_KEY: 'k' };
  const runs = async () => (await service.ports.store.heartbeats([job]))[0]?.runs ?? [];

  beforeAll(async () => {
    const settings = `settings: { ingestKeys: [{ name: batch, secret: BATCH_KEY, scope: [heartbeats] }] }\n`;
    const config = `${settings}heartbeats: { ${job}: { schedule: "0 3 * * *", timezone: Europe/Berlin, runbook: latency } }\n`;
    service = await serviceIn(project({ 'config/jobs.yaml': config }), { secrets: { get: async () => 'k' } });
  });
  afterAll(() => service.close());

  it.skipIf(!hasCurl)('work from a crontab, with the exit code and the log of the job', async () => {
    const line = to(exampleIn('crontab'))
      .trim()
      .replace(/^0 3 \* \* \* /, '');
    for (const [script, code] of [
      ['echo done', 0],
      ['echo loading; echo no space left >&2; exit 3', 3],
      ['yes "a line of a log" | head -c 3000000; echo the end', 0],
    ] as const) {
      writeFileSync(join(folder, 'features.sh'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      const ran = await run('sh', ['-c', line.replace('/opt/features.sh', join(folder, 'features.sh'))], { env });
      expect(ran.status).toBe(0);
      expect((await runs()).at(-1)).toMatchObject({ outcome: code === 0 ? 'success' : 'fail', exitCode: code });
    }
    expect((await runs()).map(({ log }) => log)).toEqual([
      'done\n',
      'loading\nno space left\n',
      expect.stringMatching(/^[\s\S]{9992}the end\n$/),
    ]);
  });

  it.skipIf(!hasPython)('work from Python, with progress, and a job goes on when nobody answers', async () => {
    const script = `parts = range(4)\ndef compute(part): pass\n${exampleIn('Python')}`;
    const ran = await run('python3', ['-c', to(script)], { env });
    expect(ran).toMatchObject({ status: 0 });
    expect((await runs()).at(-1)).toMatchObject({
      startedAt: expect.any(Number),
      endedAt: expect.any(Number),
      outcome: 'success',
      progress: { done: 1 },
    });
    const alone = await run('python3', ['-c', script.replaceAll('https://INGEST_URL', 'http://127.0.0.1:9')], { env });
    expect(alone.status).toBe(0);
  });

  it.skipIf(!hasCurl)('work from a shell in a pod', async () => {
    const shell = exampleIn('Kubernetes CronJob').split('- |\n')[1] ?? '';
    const ran = await run('sh', ['-c', to(shell).replace('/app/features', 'false')], {
      env: { ...env, HOSTNAME: 'features-28' },
    });
    expect(ran.status).toBe(1);
    expect((await runs()).at(-1)).toMatchObject({ id: 'features-28', outcome: 'fail', exitCode: 1 });
  });
});
