import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configJsonSchema } from '../../core/config/json-schema.ts';
import { formatConfigError, loadConfig } from '../../core/config/load.ts';
import { configReference } from '../../core/config/reference.ts';
import { writtenConfig } from '../../core/config/schema.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): { path: string; text: string } => ({ path, text: readFileSync(join(root, path), 'utf8') });
const yamlIn = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => `${folder}/${name}`);
const runbooks = readdirSync(join(root, 'runbooks')).map((name) => ({ name: name.replace(/\.md$/, '') }));

function load(...paths: string[]) {
  const loaded = loadConfig(paths.map(read), runbooks);
  if (!loaded.ok) throw new Error(loaded.errors.map(formatConfigError).join('\n'));
  return loaded.config;
}

describe('the example config', () => {
  const config = load(...yamlIn('config'));

  test('has the three classic rows: validation errors, drift and performance, critical corruption', () => {
    expect(config.matrix['data-quality']?.warn?.policy).toBe('data-engineers');
    expect(config.matrix.drift?.critical?.policy).toBe('ml-engineers');
    expect(config.matrix.performance?.critical?.policy).toBe('ml-engineers');
    expect(config.matrix['data-quality']?.critical).toEqual({
      policy: 'senior-stakeholders',
      ackTarget: 600_000,
      resolveTarget: 7_200_000,
    });
  });

  test('needs no account and no secret but that of the rollback hook', () => {
    const contacts = [...Object.values(config.channels), ...Object.values(config.responders).flatMap((one) => one.contacts)];
    expect(contacts.every(({ kind }) => kind === 'terminal')).toBe(true);
    expect(config.settings).not.toHaveProperty('slack');
    expect(config.settings).not.toHaveProperty('ingestKey');
    expect(config.deployments['flight-delays']?.hook).toMatchObject({ kind: 'webhook', secret: 'FLIGHT_DELAYS_HOOK_SECRET' });
  });
});

describe('each example of the docs', () => {
  test.each(yamlIn('docs/examples'))('%s is a config of its own', (path) => {
    expect(Object.keys(load(path).rules).length).toBeGreaterThan(0);
  });
});

describe('every YAML file', () => {
  test.each([...yamlIn('config'), ...yamlIn('docs/examples')])('%s names its schema for editors', (path) => {
    const [, named] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(read(path).text) ?? [];
    expect(join(path, '..', named ?? '')).toBe('config/tocsin.schema.json');
  });
});

describe('generated files', () => {
  test('are what the schema says', () => {
    const hint = 'run: npm run generate';
    expect(read('config/tocsin.schema.json').text === `${JSON.stringify(configJsonSchema(), null, 2)}\n`, hint).toBe(true);
    expect(read('docs/config.md').text === configReference(), hint).toBe(true);
  });

  test('no section is required of a single file', () => {
    expect(configJsonSchema().required).toBeUndefined();
    expect(Object.keys(configJsonSchema().properties ?? {})).toEqual(Object.keys(writtenConfig.shape));
  });

  test('every key is described', () => {
    const undescribed = configReference()
      .split('\n')
      .filter((line) => /^\| `.*\| +\|$/.test(line));
    expect(undescribed).toEqual([]);
  });
});
