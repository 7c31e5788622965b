import { join } from 'node:path';
import { expect, test } from 'vitest';
import { project } from '../cli/run.ts';
import { serviceIn } from '../cli/service.ts';
import { virtualEnvironment } from '../cloud/python.ts';
import { run } from '../cloud/run.ts';
import { checksConfig, firingIn } from './checks-service.ts';

const python = await virtualEnvironment('great-expectations', join(import.meta.dirname, 'great-expectations.txt'));
const skipped = python.ok ? '' : ` (skipped: it needs ${python.missing})`;

test.skipIf(!python.ok)(
  `a checkpoint of Great Expectations pages when it fails, and resolves when it passes${skipped}`,
  async () => {
    if (!python.ok) return;
    const service = await serviceIn(project({ 'config/checks.yaml': checksConfig }));
    // A process each, so that a context in memory has other ids at each run.
    const checkpoint = async (data: string) => {
      const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], PYTHONDONTWRITEBYTECODE: '1', URL: service.url };
      const action = join(import.meta.dirname, '../../examples/checks');
      const { status, output } = await run(python.python, [join(import.meta.dirname, 'great-expectations-checkpoint.py'), data], {
        env: { ...env, ACTION: action },
      });
      expect([status, output]).toEqual([0, expect.any(String)]);
      return JSON.parse(output.trim().split('\n').at(-1) ?? '') as unknown;
    };
    try {
      expect(await checkpoint('nulls')).toEqual({ success: false, 'nobody answers': null });
      expect(await firingIn(service)).toEqual([
        'expect_column_values_to_not_be_null on orders.customer_id failed: 120 of 1,000 values (12%) are null',
      ]);
      const { incidents } = (await (await fetch(new URL('/api/incidents', service.url))).json()) as { incidents: object[] };
      expect(incidents).toMatchObject([{ severity: 'critical', status: 'triggered' }]);
      await checkpoint('gone');
      expect(await firingIn(service)).toEqual([
        expect.stringMatching(/^expect_column_values_to_be_between on orders\.amount could not run: .*amount.* does not exist/),
      ]);
      expect(await checkpoint('good')).toMatchObject({ success: true });
      expect(await firingIn(service)).toEqual([]);
    } finally {
      await service.close();
    }
  },
);
