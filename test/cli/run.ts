import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommanderError } from 'commander';
import { afterAll } from 'vitest';
import { tocsinProgram } from '../../cli/program.ts';
import { runTocsin } from '../../cli/run.ts';

export const root = join(import.meta.dirname, '../..');

export type Ran = { code: number; out: string; err: string };

type Surroundings = { cwd?: string; env?: NodeJS.ProcessEnv };

/** The command as a person runs it, in a process of its own: for what only a process shows. */
export function tocsinProcess(args: string[], { cwd = root, env = {} }: Surroundings = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const script = join(root, 'cli/tocsin.ts');
    const surroundings = { ...process.env, TOCSIN_URL: undefined, NO_COLOR: '1', ...env };
    const child = execFile(process.execPath, [script, ...args], { cwd, env: surroundings, maxBuffer: 2 ** 26 }, (_, out, err) => {
      resolve({ code: child.exitCode ?? -1, out, err });
    });
  });
}

let before: Promise<unknown> = Promise.resolve();

/**
 * The command in this process, which is many times faster: what it writes, and how it would exit.
 * Commands that are given at once run one after another, for each has the folder, the environment
 * and the output of the process to itself.
 */
export function tocsin(args: string[], surroundings: Surroundings = {}): Promise<Ran> {
  const ran = before.then(() => inThisProcess(args, surroundings));
  before = ran.catch(() => {});
  return ran;
}

async function inThisProcess(args: string[], { cwd = root, env = {} }: Surroundings): Promise<Ran> {
  const { stdout, stderr } = process;
  const was = { cwd: process.cwd(), env: process.env, out: stdout.write, err: stderr.write };
  const said = { out: '', err: '' };
  const hear = (to: 'out' | 'err') =>
    ((chunk: string | Uint8Array, ...more: unknown[]) => {
      said[to] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      const done = more.find((one) => typeof one === 'function') as (() => void) | undefined;
      done?.();
      return true;
    }) as typeof stdout.write;
  const set = Object.entries({ ...was.env, TOCSIN_URL: undefined, NO_COLOR: '1', ...env });
  process.env = Object.fromEntries(set.filter(([, value]) => value !== undefined));
  process.chdir(cwd);
  stdout.write = hear('out');
  stderr.write = hear('err');
  process.exitCode = undefined;
  try {
    await runTocsin(args);
    return { code: Number(process.exitCode ?? 0), ...said };
  } finally {
    process.exitCode = undefined;
    stdout.write = was.out;
    stderr.write = was.err;
    process.chdir(was.cwd);
    process.env = was.env;
  }
}

/** The same without a process: for what is decided before a command does anything. */
export async function understood(args: readonly string[]): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const program = tocsinProgram((root) =>
    root.exitOverride().configureOutput({ writeOut: (text) => void out.push(text), writeErr: (text) => void err.push(text) }),
  );
  const ran = (code: number): Ran => ({ code, out: out.join(''), err: err.join('') });
  try {
    await program.parseAsync(args, { from: 'user' });
    return ran(0);
  } catch (error) {
    const { exitCode, code } = error as CommanderError;
    if (code === undefined) throw error;
    return ran(exitCode === 0 ? 0 : 2);
  }
}

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A scratch folder with these files; it is gone after the tests of the file. */
export function folderOf(files: Record<string, string | Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-test-'));
  made.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const runbook = `---
title: Latency
---
Look at it.
`;

/**
 * One rule on pushed samples, one on predictions; a responder and then the room. Nothing answers at
 * its address.
 */
export const config = `
settings: { publicUrl: http://127.0.0.1:9 }
sources:
  sensor: { kind: samples, bucket: 1m, retain: 30d }
  churn: { kind: predictions, model: churn, bucket: 1h }
rules:
  slow:
    title: Latency is high
    source: sensor
    query: { samples: { metric: latency } }
    category: latency
    threshold: { above: { warn: 100, critical: 200 } }
    runbook: latency
  accuracy:
    source: churn
    query: { predictions: { metric: accuracy, over: 1h } }
    step: 1h
    category: performance
    threshold: { below: { warn: 0.8, critical: 0.5 } }
    runbook: latency
responders:
  ana: { name: Ana, contacts: [{ terminal: true }] }
channels:
  room: { terminal: true }
policies:
  duty:
    tiers: [{ targets: [{ responder: ana }], ackWithin: 15m }]
    fallback: { channel: room }
matrix:
  default:
    warn: { policy: duty, ackTarget: 1h }
    critical: { policy: duty }
`;

const failing = runbook.replace('Latency', 'A source fails');

/** A folder with a config, its runbooks, and whatever else. */
export const project = (files: Record<string, string | Uint8Array> = {}): string =>
  folderOf({ 'config/all.yaml': config, 'runbooks/latency.md': runbook, 'runbooks/source-failing.md': failing, ...files });
