import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { project, tocsin } from '../cli/run.ts';
import { serviceIn } from '../cli/service.ts';
import { virtualEnvironment } from '../cloud/python.ts';
import { run } from '../cloud/run.ts';
import { checksConfig, firingIn } from './checks-service.ts';
import { customers, dbtProject, quiet } from './dbt-project.ts';

const python = await virtualEnvironment('dbt', join(import.meta.dirname, 'dbt.txt'));
const skipped = python.ok ? '' : ` (skipped: it needs ${python.missing})`;
const env = (more: Record<string, string> = {}) => ({ HOME: process.env['HOME'], ...quiet, ...more });

test.skipIf(!python.ok)(`tests of dbt fire when they fail, and resolve when they pass${skipped}`, async () => {
  if (!python.ok) return;
  const folder = project({ 'config/checks.yaml': checksConfig });
  const service = await serviceIn(folder);
  const dbt = dbtProject();
  const built = (...args: string[]) =>
    run(join(python.bin, 'dbt'), [...args, '--profiles-dir', '.'], {
      cwd: dbt,
      env: env({ PATH: `${python.bin}:${process.env['PATH']}` }),
    });
  const ingest = (file: string) =>
    tocsin(['ingest', join(dbt, 'target', file), '--format', 'dbt', '--url', service.url], { cwd: folder });
  try {
    expect((await built('build')).status).toBe(1);
    expect(await ingest('run_results.json')).toMatchObject({ code: 0, err: '' });
    expect(await firingIn(service)).toEqual([
      expect.stringMatching(/^accepted_values on features\.contract failed: Got 1 result, configured to fail if != 0/),
      expect.stringMatching(/^not_null on features\.monthly_charges failed, as a warning: Got 1 result/),
      expect.stringMatching(/^unique on features\.id failed: Got 1 result/),
    ]);
    const [alert] = (await service.ports.store.alerts()).filter(({ labels }) => labels['column'] === 'id');
    expect(alert).toMatchObject({ severity: 'critical', external: { owner: 'growth' }, labels: { inputs: ',customers,' } });
    expect((await built('source', 'freshness')).status).toBe(1);
    await ingest('sources.json');
    expect(await firingIn(service)).toContainEqual(
      expect.stringMatching(
        /^freshness on customers failed: the newest row is [\d,.]+ hours old, warn after 6 hours, error after 12 hours/,
      ),
    );
    writeFileSync(join(dbt, 'seeds/customers.csv'), customers.good.replaceAll('2020-01-01', new Date().toISOString()));
    expect((await built('build', '--full-refresh')).status).toBe(0);
    await ingest('run_results.json');
    expect(await firingIn(service)).toEqual([expect.stringMatching(/^freshness on customers/)]);
    expect((await built('source', 'freshness')).status).toBe(0);
    await ingest('sources.json');
    expect(await firingIn(service)).toEqual([]);
  } finally {
    await service.close();
  }
});

test.skipIf(!python.ok)(`dbt-ol tells of failed tests once, by OpenLineage${skipped}`, async () => {
  if (!python.ok) return;
  const service = await serviceIn(project({ 'config/checks.yaml': checksConfig }));
  const dbt = dbtProject();
  const built = () =>
    run(python.python, [join(python.bin, 'dbt-ol'), 'build', '--profiles-dir', '.'], {
      cwd: dbt,
      env: env({
        PATH: `${python.bin}:${process.env['PATH']}`,
        OPENLINEAGE_URL: service.url,
        OPENLINEAGE_ENDPOINT: 'v1/alerts/openlineage',
        OPENLINEAGE_NAMESPACE: 'dbt',
      }),
    });
  try {
    const { output } = await built();
    expect(output).toMatch(/Emitted \d+ openlineage events/i);
    expect(await firingIn(service)).toEqual([
      expect.stringMatching(/^accepted_values on churn\.main\.features\.contract failed: actual 1, expected 0/),
      expect.stringMatching(/^job dbt-run-churn failed/),
      expect.stringMatching(/^not_null on churn\.main\.features\.monthly_charges failed, as a warning/),
      expect.stringMatching(/^unique on churn\.main\.features\.id failed/),
    ]);
    writeFileSync(join(dbt, 'seeds/customers.csv'), customers.good);
    await built();
    expect(await firingIn(service)).toEqual([]);
  } finally {
    await service.close();
  }
});
