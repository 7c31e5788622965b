import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf, root } from '../cli/run.ts';

/** A clone of the project with a stand-in for npm that writes down what it was asked. */
function cloneWith(files: Record<string, string>, npm = 'echo "$PWD $@" >> "$PWD/asked"; echo installing') {
  const folder = folderOf({ 'package.json': '{}', 'package-lock.json': '{}', ...files, 'bin/npm': `#!/bin/sh\n${npm}\n` });
  chmodSync(join(folder, 'bin/npm'), 0o755);
  mkdirSync(join(folder, 'scripts'), { recursive: true });
  for (const script of ['prepare.mjs', 'run.mjs']) copyFileSync(join(root, 'scripts', script), join(folder, 'scripts', script));
  return folder;
}

/** As `npm test` does it; `npm start` and the command line ask for less. */
function prepare(folder: string, path = `${join(folder, 'bin')}:/usr/bin:/bin`) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'scripts/prepare.mjs')], {
    cwd: dirname(folder),
    env: { PATH: path },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const installed = { 'node_modules/.package-lock.json': '{}' };
const manifest = { 'package.json': JSON.stringify({ devDependencies: { linter: '1.0.0' } }) };
const development = { 'node_modules/linter/package.json': '{}' };
const hello = { 'scripts/start.ts': 'console.log("started")', 'scripts/check.ts': 'console.log("checked")' };

/**
 * Runs a program of the project; gives what it printed, and what npm was asked for, without the
 * flags.
 */
function run(folder: string, program: string) {
  rmSync(join(folder, 'asked'), { force: true });
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'scripts/run.mjs'), program], {
    env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` },
    encoding: 'utf8',
  });
  const asked = existsSync(join(folder, 'asked')) ? readFileSync(join(folder, 'asked'), 'utf8') : '';
  return { stdout, said: stderr.split('\n')[0], asked: asked.replace(/^\S+ /, '').replace(/ --no-fund.*\n$/, '') };
}
const aged = (folder: string, file: string, seconds: number): void => utimesSync(join(folder, file), seconds, seconds);

it('installs on a clean clone, wherever it is started, and keeps stdout for the program', () => {
  const folder = cloneWith({});
  const { status, stdout, stderr } = prepare(folder);
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  expect(stderr).toMatch(/^Installing the dependencies \(npm ci\).*\ninstalling\n$/);
  expect(readFileSync(join(folder, 'asked'), 'utf8')).toMatch(new RegExp(`^\\S*${folder} ci --no-fund`));
});

it('installs again once the lockfile is newer, and not before', () => {
  const folder = cloneWith(installed);
  aged(folder, 'package-lock.json', 1000);
  aged(folder, 'node_modules/.package-lock.json', 2000);
  expect(prepare(folder)).toEqual({ status: 0, stdout: '', stderr: '' });
  aged(folder, 'package-lock.json', 3000);
  expect(prepare(folder).stderr).toMatch(/^Installing/);
});

describe('what is installed', () => {
  it('is for the service only when the service is started, and the rest once it is asked for', () => {
    const folder = cloneWith({ ...manifest, ...hello });
    expect(run(folder, 'scripts/start.ts')).toMatchObject({
      said: expect.stringMatching(/^Installing what the service and its example need/),
      asked: 'ci --omit=dev',
    });
    addTo(folder, installed);
    expect(run(folder, 'scripts/start.ts')).toMatchObject({ stdout: 'started\n', asked: '' });
    expect(run(folder, 'scripts/check.ts')).toMatchObject({
      said: expect.stringMatching(/^Installing the rest, for tests and deployments/),
      asked: 'install --no-save',
    });
    addTo(folder, development);
    expect(run(folder, 'scripts/check.ts')).toMatchObject({ stdout: 'checked\n', asked: '' });
  });

  it('stays whole where it was whole, when the lockfile has become newer', () => {
    const folder = cloneWith({ ...manifest, ...hello, ...installed, ...development });
    aged(folder, 'node_modules/.package-lock.json', 1000);
    expect(run(folder, 'scripts/start.ts').asked).toBe('ci');
  });

  it('is everything that the service, its example and the command line import', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const rooms = ['core', 'app', 'adapters', 'stores', 'http', 'local', 'cli', 'examples'];
    const imported = rooms.flatMap((room) =>
      readdirSync(join(root, room), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name) && !/\.test\.ts$/.test(entry.name))
        .flatMap(({ parentPath, name }) => packagesIn(readFileSync(join(parentPath, name), 'utf8'))),
    );
    expect(imported.length).toBeGreaterThan(100);
    const missing = [...new Set(imported)].filter((name) => dependencies[name] === undefined && !builtFromOnly.includes(name));
    expect(missing).toEqual([]);
  });
});

it.each([['npm fails', 'echo no network >&2; exit 7', /no network\ntocsin: npm ci failed; its message is above\..*\n$/]])(
  'ends with 1 and says what to do when %s',
  (_, npm, message) => {
    const { status, stderr } = prepare(cloneWith({}, npm));
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
  },
);

it('ends with 1 where there is no npm', () => {
  const { status, stderr } = prepare(cloneWith({}), '/nowhere');
  expect(status).toBe(1);
  expect(stderr).toMatch(/tocsin: npm could not be started: .*ENOENT; it comes with Node\n$/);
});

/**
 * Only `npm run generate` builds the OpenAPI document, and what is only a type is gone when the
 * program runs.
 */
const builtFromOnly = ['zod-openapi'];

/** Packages that a file imports, but for its types. */
const packagesIn = (text: string): string[] =>
  [
    ...text.matchAll(
      /(?:^(?:import|export) (?!type )(?:[^;'"]*? from )?|\bimport\(|\bresolve\()'((?:@[\w.-]+\/)?[\w.-]+)[^']*'/gm,
    ),
  ]
    .map(([, name]) => name as string)
    .filter((name) => !name.startsWith('.') && !name.startsWith('node:') && name !== 'node');

function addTo(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

describe('run', () => {
  /**
   * What `npm ci` brings is played by a script in the place of Node, which says what it was started
   * with.
   */
  const node = `#!/bin/sh\necho "lockfile's Node: $*"; echo to stderr >&2; exit 3\n`;
  const npm =
    'mkdir -p "$PWD/node_modules/node/bin" && cp "$PWD/brought" "$PWD/node_modules/node/bin/node" && chmod 755 "$PWD/node_modules/node/bin/node"';

  it('goes on with the Node of the lockfile in the very start that installed it', () => {
    const folder = cloneWith({ brought: node, 'scripts/hello.ts': '' }, npm);
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--stack-trace-limit=7', join(folder, 'scripts/run.mjs'), 'scripts/hello.ts', 'one', '--two'],
      { cwd: dirname(folder), env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin` }, encoding: 'utf8' },
    );
    expect(stdout).toBe(`lockfile's Node: --stack-trace-limit=7 ${join(folder, 'scripts/hello.ts')} one --two\n`);
    expect(status).toBe(3);
  });

  it('starts every program of the project: a shell that has found another Node would go on using it', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    const ofTypeScript = Object.values(scripts).filter((script) => script.includes('.ts'));
    expect(ofTypeScript.length).toBeGreaterThan(5);
    for (const script of ofTypeScript) expect(script).toMatch(/^node (--\S+ )*scripts\/run\.mjs \S+\.ts$/);
  });

  it('runs the program itself where it is that Node already, with the arguments it was given', () => {
    const program = 'console.log(process.argv.slice(1).map((one) => one.split("/").at(-1)).join(" "))';
    const folder = cloneWith({ ...installed, 'scripts/hello.ts': program });
    const { status, stdout } = spawnSync(process.execPath, [join(folder, 'scripts/run.mjs'), 'scripts/hello.ts', '--one'], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'hello.ts --one\n' });
  });
});
