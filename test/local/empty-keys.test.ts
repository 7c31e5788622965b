import { afterEach, expect, test } from 'vitest';
import type { Service } from '../../local/service.ts';
import { project } from '../cli/run.ts';
import { serviceIn } from '../cli/service.ts';

const keys = `settings:
  ingestKeys:
    - { name: batch, secret: BATCH_KEY, scope: [alerts] }
    - { name: dbt, secret: DBT_KEY, scope: [alerts] }
    - { name: ci, secret: CI_KEY, scope: [changes] }
`;

let service: Service | undefined;
afterEach(() => service?.close());

test('a start names each ingest key without a value, and where to set it', async () => {
  const lines: string[] = [];
  const values: Record<string, string> = { DBT_KEY: ' , ', CI_KEY: 'a-key' };
  service = await serviceIn(project({ 'config/keys.yaml': keys }), {
    secrets: { get: async (name) => values[name] },
    write: (line) => lines.push(line),
  });
  const said = lines.filter((line) => line.includes('ingest key')).map((line) => line.replace(/^.*?Z {2}/, ''));
  expect(said).toEqual([
    'warn: the ingest key batch has no value: set BATCH_KEY as an environment variable where Tocsin runs',
    'warn: the ingest key dbt has no value: set DBT_KEY as an environment variable where Tocsin runs',
  ]);
});
