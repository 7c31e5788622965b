import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf, root } from '../cli/run.ts';

/** A clone of the project with a stand-in for npm that writes down what it was asked. */
function cloneWith(files: Record<string, string>, npm = 'echo "$PWD $@" >> "$PWD/asked"; echo installing') {
  const folder = folderOf({ 'package-lock.json': '{}', ...files, 'bin/npm': `#!/bin/sh\n${npm}\n` });
  chmodSync(join(folder, 'bin/npm'), 0o755);
  mkdirSync(join(folder, 'scripts'), { recursive: true });
  for (const script of ['prepare.mjs', 'run.mjs']) copyFileSync(join(root, 'scripts', script), join(folder, 'scripts', script));
  return folder;
}

function prepare(folder: string, path = `${join(folder, 'bin')}:/usr/bin:/bin`) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'scripts/prepare.mjs')], {
    cwd: dirname(folder),
    env: { PATH: path },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const installed = { 'node_modules/.package-lock.json': '{}' };
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

describe('run', () => {
  /** What `npm ci` brings is played by a script in the place of Node, which says what it was started with. */
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
