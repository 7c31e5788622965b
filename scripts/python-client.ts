/**
 * Checks `clients/python`: `types` by mypy, `tests` by pytest, with the Python of this machine and
 * packages in an environment of their own. `--report FILE` writes what was tested as vitest does.
 * Without Python, or a registry that pip reaches, it says so: a fault in CI only.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { virtualEnvironment } from '../test/cloud/python.ts';

const root = join(import.meta.dirname, '..');
const commands: Readonly<Record<string, string[]>> = {
  types: ['-m', 'mypy', '--no-incremental'],
  tests: ['-m', 'pytest', '-p', 'tests.report'],
};

const { values, positionals } = parseArgs({ options: { report: { type: 'string' } }, allowPositionals: true });
const command = commands[positionals[0] ?? ''];
if (command === undefined) {
  process.stderr.write(`expected one of ${Object.keys(commands).join(', ')}; received ${positionals[0] ?? 'nothing'}\n`);
  process.exit(2);
}
const python = await virtualEnvironment('python-client', join(root, 'test/senders/python-client.txt'));
if (python.ok) {
  const env = {
    ...process.env,
    PYTHONPATH: 'src',
    PYTHONDONTWRITEBYTECODE: '1',
    ...(values.report === undefined ? {} : { TOCSIN_TEST_REPORT: values.report }),
  };
  const { status } = spawnSync(python.python, command, { cwd: join(root, 'clients/python'), stdio: 'inherit', env });
  process.exitCode = status ?? 1;
} else {
  process.stdout.write(`the Python client was not checked, for ${python.missing} is missing\n`);
  const isFault = process.env['CI'] === 'true';
  if (values.report !== undefined)
    writeFileSync(values.report, JSON.stringify({ numPassedTests: 0, numFailedTests: 0, success: !isFault, testResults: [] }));
  if (isFault) process.exitCode = 1;
}
