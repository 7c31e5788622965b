/**
 * Carries out the steps of the Containerfile without a container, in a scratch folder that stands
 * for its root: COPY and RUN as they are written, then CMD with its ENV until the HEALTHCHECK
 * holds. What is not tried is the base image, which is not to be had everywhere: Node is the one
 * that runs this.
 */
import assert from 'node:assert/strict';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, started, succeed } from './scratch.ts';

const root = resolve(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'tocsin-container-'));
/** Stands for / of the container. */
const image = join(scratch, 'image');
const context = join(scratch, 'context');
const port = await freePort();

const steps = readFileSync(join(root, 'Containerfile'), 'utf8')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [, word = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line.trim()) ?? [];
    return { word, rest };
  });
const known = ['FROM', 'WORKDIR', 'COPY', 'RUN', 'USER', 'ENV', 'EXPOSE', 'VOLUME', 'HEALTHCHECK', 'CMD'];
const env: NodeJS.ProcessEnv = {
  PATH: [join(image, 'usr/local/bin'), dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
  HOME: join(scratch, 'home'),
  npm_config_prefix: join(image, 'usr/local'),
  npm_config_cache: succeed('npm', ['config', 'get', 'cache'], { cwd: root, env: process.env }).trim(),
  npm_config_prefer_offline: 'true',
};

/** Absolute paths of the container, in its stand-in. */
const inside = (text: string): string => text.replace(/(?<=^|\s)\/(tmp|tocsin)\b/g, `${image}/$1`);
const only = (word: string): string[] => steps.filter((step) => step.word === word).map(({ rest }) => rest);

try {
  assert.deepEqual(
    steps.filter(({ word }) => !known.includes(word)),
    [],
    'every step is one that is carried out here',
  );
  assert.match(only('FROM').join(), /\/node:24\b/, 'the base image has the Node that the package wants');
  for (const folder of [context, join(image, 'tmp'), join(scratch, 'home')]) mkdirSync(folder, { recursive: true });
  succeed(process.execPath, ['scripts/pack.ts', '--to', context], { cwd: root, env: process.env });
  let cwd = image;
  for (const { word, rest } of steps) {
    if (word === 'WORKDIR') {
      cwd = inside(rest);
      mkdirSync(cwd, { recursive: true });
    } else if (word === 'COPY') {
      const [pattern = '', to = ''] = rest.split(/\s+/);
      for (const file of globSync(pattern, { cwd: context })) cpSync(join(context, file), join(inside(to), file));
    } else if (word === 'RUN') {
      // There is no such user here, and this one owns the folder already.
      succeed('sh', ['-c', inside(rest.replace(/&& chown -R node:node \S+/, ''))], { cwd, env });
    } else if (word === 'ENV') for (const pair of rest.split(/\s+/)) env[pair.split('=')[0] as string] = pair.split('=')[1];
  }
  succeed('tocsin', ['init', '--watch', 'latency_ms', '--bad', 'above 250', '--page', 'Mei Tanaka'], { cwd, env });
  env['TOCSIN_PORT'] = String(port);
  const [command = '', ...args] = JSON.parse(only('CMD')[0] ?? '[]') as string[];
  const service = started(command, args, { cwd, env });
  try {
    await service.says(/Tocsin watches 2 rules/);
    const [, check = ''] = /CMD (.*)$/.exec(only('HEALTHCHECK')[0] ?? '') ?? [];
    await pause(100);
    succeed('sh', ['-c', check.replaceAll('4319', String(port))], { cwd, env });
    const open = await fetch(`http://127.0.0.1:${port}/api/incidents`);
    assert.equal(open.status, 403, 'what is reached from outside is closed while the config names no password');
  } finally {
    service.child.kill('SIGTERM');
  }
  process.stdout.write('The steps of the Containerfile work: installed, started, healthy, and closed without a password\n');
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
