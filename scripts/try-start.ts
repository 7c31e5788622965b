/**
 * Starts the service with its example as a person would, in a scratch folder, reads what it shows,
 * and starts it again.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const scratch = mkdtempSync(join(tmpdir(), 'tocsin-start-'));
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const root = join(import.meta.dirname, '..');

type Started = {
  child: ChildProcess;
  output: () => string;
  says: (text: string) => Promise<void>;
  ended: Promise<number | null>;
};

function start(...args: string[]): Started {
  const child = spawn(
    process.execPath,
    ['scripts/start.ts', '--store', join(scratch, 'store.sqlite'), '--port', String(port), ...args],
    { cwd: root },
  );
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    output += chunk;
  });
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const seen = (): void => {
        if (output.includes(text)) resolve();
      };
      child.stdout?.on('data', seen);
      void ended.then((code) => reject(new Error(`ended with ${code} before it said "${text}":\n${output}`)));
      seen();
    });
  return { child, output: () => output, says, ended };
}

try {
  const first = start('--seconds', '15');
  await first.says('Watch it at');
  const taken = start();
  assert.equal(await taken.ended, 1);
  assert.match(taken.output(), /^tocsin: .*\n$/, 'a second start says in one line why it cannot');
  await first.says('The service goes on');
  for (const text of ['severity raised', 'tier 2', 'rollback result', 'is proven', 'no last known good version'])
    assert.match(first.output(), new RegExp(text));
  const page = await (await fetch(url)).text();
  const [, id] = /href="\/incidents\/(inc-[0-9a-f]+)"/.exec(page) ?? [];
  assert.ok(id, 'the page lists incidents');
  const incident = await (await fetch(`${url}/incidents/${id}`)).text();
  assert.match(incident, /Timeline/);
  assert.match(incident, /\/runbooks\/(accuracy-drop|feature-drift)/);
  assert.equal((await fetch(`${url}/runbooks/accuracy-drop`)).status, 200);
  first.child.kill('SIGINT');
  assert.equal(await first.ended, 0, first.output());

  const second = start();
  await second.says('The service goes on');
  assert.match(second.output(), /has run before/);
  assert.match(await (await fetch(url)).text(), new RegExp(id), 'a second start finds the incidents again');
  second.child.kill('SIGTERM');
  assert.equal(await second.ended, 0, second.output());
  process.stdout.write('npm start works to the end, stops cleanly, and finds its incidents again\n');
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as { port: number };
      server.close(() => resolve(free));
    });
  });
}
