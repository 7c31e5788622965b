import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { virtualEnvironment } from '../cloud/python.ts';
import { run } from '../cloud/run.ts';
import { standIn } from '../contract/stand-in.ts';
import { freePort } from '../local/free-port.ts';
import { configFor, paged, running } from '../local/otlp/paging.ts';

const python = await virtualEnvironment('otlp', join(import.meta.dirname, 'otlp.txt'));
const skipped = python.ok ? '' : ` (skipped: it needs ${python.missing})`;
const folder = mkdtempSync(join(tmpdir(), 'tocsin-otlp-python-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(!python.ok)(`what the Python SDK measures pages somebody${skipped}`, async () => {
  if (!python.ok) return;
  const pager = await standIn(() => ({}));
  const port = await freePort();
  const { service, close } = await running(folder, configFor(folder, pager.url, port));
  try {
    const env = {
      PATH: process.env['PATH'],
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_SERVICE_NAME: 'churn-api',
    };
    const { status, output } = await run(python.python, [join(import.meta.dirname, 'otlp.py')], { env });
    expect([status, output]).toEqual([0, '']);
    await paged(pager, service);
  } finally {
    await close();
    await pager.close();
  }
});
