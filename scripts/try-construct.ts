/**
 * Uses Tocsin as somebody else would: packs it, installs the tarball into a CDK app of plain
 * JavaScript that knows nothing of this repository, and synthesises it; then with a wrong config.
 * Needs npm and a registry or its cache.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { functionNames } from '../core/config/functions.ts';

const root = resolve(import.meta.dirname, '..');
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  devDependencies: Record<string, string>;
};
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'tocsin-construct-')));
const app = join(scratch, 'app');

const config = `settings: { ingestKey: INGEST_KEY }
sources: { orders: { kind: samples } }
rules:
  failed-orders:
    source: orders
    query: { samples: { metric: failed, statistic: sum } }
    category: pipeline
    threshold: { above: { critical: 10 } }
    runbook: orders
responders:
  ana: { name: Ana, contacts: [{ sns: default }] }
policies:
  main: { tiers: [{ targets: [{ responder: ana }], ackWithin: 15m }] }
matrix: { default: { warn: { policy: main }, critical: { policy: main } } }
`;

const files = {
  'package.json': JSON.stringify({ name: 'shop', private: true, type: 'module' }),
  'app.js': `import { App, Stack } from 'aws-cdk-lib';
import { Tocsin } from 'tocsin';

const app = new App();
const stack = new Stack(app, 'Shop');
new Tocsin(stack, 'Tocsin', { config: 'alerting', stage: 'shop' });
`,
  'typed.ts': `import type { Stack } from 'aws-cdk-lib';
import { Tocsin, type TocsinProps } from 'tocsin';

export function add(stack: Stack, config: TocsinProps['config']): string[] {
  // @ts-expect-error A config is a folder or a parsed config.
  new Tocsin(stack, 'Wrong', { config: 5 });
  const url: string = new Tocsin(stack, 'Right', { config, stage: 'shop' }).urls.ingest;
  return [url, ...(typeof config === 'string' ? [] : [config.settings.publicUrl])];
}
`,
  'alerting/tocsin.yaml': config,
  'runbooks/orders.md': '---\ntitle: Orders fail\n---\n\nLook at the till.\n',
  'runbooks/source-failing.md': '---\ntitle: A source fails\n---\n\nLook at the source.\n',
};

try {
  const tarball = pack();
  for (const [path, text] of Object.entries(files)) write(path, text);
  const cdk = ['aws-cdk-lib', 'constructs', 'aws-cdk'].map((name) => `${name}@${devDependencies[name]}`);
  succeed('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', tarball, ...cdk], app);

  const packed = (folder = ''): string[] => readdirSync(join(app, 'node_modules/tocsin', folder)).toSorted();
  const parts = ['LICENSE', 'README.md', 'adapters', 'bin', 'config', 'console', 'dist', 'http', 'package.json', 'runbooks'];
  assert.deepEqual(packed(), parts, 'the package holds what is bundled, and no source');
  // What draws charts reads its program and fonts as files.
  assert.deepEqual(packed('adapters'), ['resvg'], 'of adapters the package holds files alone');
  assert.deepEqual(packed('adapters/resvg'), ['fonts', 'resvg.wasm'], 'of what draws charts the package holds no source');

  const synthesised = synth();
  assert.equal(synthesised.status, 0, synthesised.output);
  const out = join(app, 'cdk.out');
  const template = JSON.parse(readFileSync(join(out, 'Shop.template.json'), 'utf8')) as {
    Resources: Record<string, { Type: string }>;
  };
  const count = (type: string): number => Object.values(template.Resources).filter((one) => one.Type === type).length;
  assert.equal(count('AWS::Lambda::Function'), functionNames.length, 'each function is there');
  assert.equal(count('AWS::DynamoDB::Table'), 1, 'one table');
  const bundles = readdirSync(out).filter((name) => name.startsWith('asset.'));
  assert.equal(
    bundles.filter((name) => readdirSync(join(out, name)).includes('index.mjs')).length,
    functionNames.length,
    'each has a bundle',
  );
  const deployed = bundles
    .map((name) => join(out, name, 'tocsin.json'))
    .filter((path) => statSync(path, { throwIfNoEntry: false }));
  assert.equal(deployed.length, functionNames.length - 1, 'the config travels with every function but dispatch');
  const serving = bundles.filter((name) => statSync(join(out, name, 'console/index.json'), { throwIfNoEntry: false }));
  assert.equal(serving.length, 1, 'one function serves the console');
  const { config: travelled, runbooks } = JSON.parse(readFileSync(deployed[0] as string, 'utf8'));
  assert.ok('failed-orders' in travelled.rules, 'the config is that of the app');
  assert.equal(runbooks[0]?.title, 'Orders fail', 'and so are the runbooks');

  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const options = ['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2024'];
  succeed(process.execPath, [compiler, ...options, '--types', '', 'typed.ts'], app);

  write('alerting/tocsin.yaml', config.replace('category: pipeline', 'category: pipelines'));
  const refused = synth();
  assert.notEqual(refused.status, 0, 'a wrong config is not synthesised');
  assert.match(refused.output, /alerting\/tocsin\.yaml:7:15: .*pipelines/, 'the error names file, line and column');
  process.stdout.write('Tocsin works as a package: packed, installed, synthesised, typed, and a wrong config is refused\n');
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function write(path: string, text: string): void {
  const file = join(app, path);
  mkdirSync(resolve(file, '..'), { recursive: true });
  writeFileSync(file, text);
}

function pack(): string {
  const destination = join(scratch, 'packed');
  mkdirSync(destination);
  succeed(process.execPath, ['scripts/pack.ts', '--to', destination], root);
  return join(destination, readdirSync(destination)[0] as string);
}

/** As the CDK's own command line would start it. */
function synth(): { status: number | null; output: string } {
  rmSync(join(app, 'cdk.out'), { recursive: true, force: true });
  return run(join(app, 'node_modules/.bin/cdk'), ['synth', '--quiet', '--app', 'node app.js', '--output', 'cdk.out'], app);
}

function succeed(command: string, args: string[], cwd: string): void {
  const { status, output } = run(command, args, cwd);
  assert.equal(status, 0, `${command} ${args.join(' ')} ended with ${status}:\n${output}`);
}

function run(command: string, args: string[], cwd: string): { status: number | null; output: string } {
  const env = {
    ...process.env,
    FORCE_COLOR: '0',
    NO_COLOR: '1',
    CDK_HOME: join(scratch, 'cdk-home'),
    CDK_DISABLE_CLI_TELEMETRY: '1',
  };
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', env, maxBuffer: 2 ** 26 });
  if (error !== undefined) throw error;
  return { status, output: `${stdout}${stderr}` };
}
