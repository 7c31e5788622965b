import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, expect, it } from 'vitest';
import { readConsole } from '../../adapters/console-files.ts';
import { functionNames } from '../../core/config/functions.ts';
import { TocsinStack } from '../../lib/tocsin-stack.ts';
import type { parsedConfig } from './example-config.ts';
import { resourcesOf } from './synthesise.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-travels-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const config = join(folder, 'config');
mkdirSync(config);
mkdirSync(join(folder, 'runbooks'));
writeFileSync(
  join(config, 'tocsin.yaml'),
  `
policies: { main: { tiers: [{ targets: [{ channel: ops }], ackWithin: 15m }] } }
matrix: { default: { warn: { policy: main }, critical: { policy: main } } }
channels: { ops: { sns: default } }
`,
);

it('a config folder travels beside the bundle of each function, all but dispatch, which needs none', () => {
  const app = new App();
  const stack = new TocsinStack(app, 'Tocsin', { config });
  const { directory } = app.synth();
  const assets = readdirSync(directory)
    .map((name) => join(directory, name))
    .filter((path) => existsSync(join(path, 'index.mjs')));
  const deployed = assets.map((path) => join(path, 'tocsin.json')).filter((path) => existsSync(path));
  expect(assets).toHaveLength(functionNames.length);
  expect(deployed).toHaveLength(functionNames.length - 1);
  // The document about the API lies beside the one function that serves it.
  expect(assets.filter((path) => existsSync(join(path, 'openapi.json')))).toHaveLength(1);
  expect(assets.filter((path) => readConsole(join(path, 'console')) !== undefined)).toHaveLength(1);
  expect(resourcesOf(Template.fromStack(stack), 'AWS::Lambda::Function')).toHaveLength(functionNames.length);
  for (const path of deployed) {
    const { config, runbooks } = JSON.parse(readFileSync(path, 'utf8')) as {
      config: ReturnType<typeof parsedConfig>;
      runbooks: unknown[];
    };
    expect(config.policies['main']?.tiers[0]?.ackWithin).toBe(900_000);
    expect(runbooks).toEqual([]);
  }
});
