import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderOf, project, tocsin } from '../cli/run.ts';
import { serviceIn } from '../cli/service.ts';
import { virtualEnvironment } from '../cloud/python.ts';
import { run } from '../cloud/run.ts';
import { checksConfig, firingIn } from './checks-service.ts';

const python = await virtualEnvironment('evidently', join(import.meta.dirname, 'evidently.txt'));
const skipped = python.ok ? '' : ` (skipped: it needs ${python.missing})`;

test.skipIf(!python.ok)(`tests in a report of Evidently fire, and resolve${skipped}`, async () => {
  if (!python.ok) return;
  const folder = project({ 'config/checks.yaml': checksConfig });
  const service = await serviceIn(folder);
  const report = async (data: 'good' | 'bad') => {
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], PYTHONWARNINGS: 'ignore' };
    const { status, output } = await run(python.python, [join(import.meta.dirname, 'evidently-report.py'), data], { env });
    expect([status, output]).toEqual([0, expect.stringContaining('"tests"')]);
    const file = join(folderOf({ 'report.json': output.slice(output.indexOf('{')) }), 'report.json');
    return tocsin(['ingest', file, '--format', 'evidently', '--dataset', 'customers', '--model', 'churn', '--url', service.url], {
      cwd: folder,
    });
  };
  try {
    expect(await report('bad')).toMatchObject({ code: 0, err: '' });
    expect(await firingIn(service)).toEqual([
      expect.stringMatching(/^DriftedColumnsCount on customers failed/),
      expect.stringMatching(/^MissingValueCount on customers\.charges failed/),
      expect.stringMatching(/^ValueDrift on customers\.tenure failed: K-S p_value is [\d.e-]+, threshold 0\.05$/),
    ]);
    await report('good');
    expect(await firingIn(service)).toEqual([]);
  } finally {
    await service.close();
  }
});
