/**
 * Runs everything that must hold, and says what did and what did not. `npm run check` leaves the
 * slow lanes out; with `--slow` they run too; with `--except tests` the tests are left to the
 * caller. Ends with what failed, a line each, and `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { failedTests, lateTests, type Report, ranAgain, readReport } from './test-report.ts';

/** `report`: a file in which the step leaves what it tested, so that each test counts. */
type Step = { name: string; command: string[]; env?: Record<string, string>; slow?: true; report?: string };

const scratch = mkdtempSync(join(tmpdir(), 'tocsin-check-'));
const testReport = join(scratch, 'tests.json');
const slowReport = join(scratch, 'slow-tests.json');
const pythonReport = join(scratch, 'python-tests.json');

const steps: Step[] = [
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'types of the console', command: ['tsc', '--noEmit', '-p', 'web'] },
  { name: 'lint and format', command: ['biome', 'ci', '--error-on-warnings', '.'] },
  {
    name: 'import rules',
    command: [
      'depcruise',
      '--output-type',
      'err',
      'core',
      'app',
      'adapters',
      'stores',
      'http',
      'lambdas',
      'local',
      'cli',
      'lib',
      'bin',
      'examples',
      'web',
    ],
  },
  { name: 'licences of all dependencies', command: ['node', 'scripts/licences.ts'] },
  { name: 'schema and reference are those of the code', command: ['node', 'scripts/generate.ts', '--check'] },
  { name: 'the example config is right', command: ['node', 'cli/tocsin.ts', 'check'] },
  { name: 'the example rules do what their tests say', command: ['node', 'cli/tocsin.ts', 'test'] },
  {
    name: 'tests',
    command: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile=${testReport}`],
    report: testReport,
  },
  { name: 'cdk synth', command: ['cdk', 'synth', '--quiet', '--output', join(scratch, 'cdk.out')], slow: true },
  { name: 'replays of recorded data', command: ['node', 'scripts/replays.ts'], slow: true },
  {
    name: 'slow tests',
    command: ['vitest', 'run', '.slow.test.ts', '--reporter=default', '--reporter=json', `--outputFile=${slowReport}`],
    env: { TOCSIN_SLOW_TESTS: '1' },
    slow: true,
  },
  { name: 'types of the Python client', command: ['node', 'scripts/python-client.ts', 'types'], slow: true },
  {
    name: 'tests of the Python client',
    command: ['node', 'scripts/python-client.ts', 'tests', '--report', pythonReport],
    slow: true,
    report: pythonReport,
  },
  { name: 'licences of what the tests install', command: ['node', 'scripts/licences.ts', '--python'], slow: true },
  { name: 'npm start, to the end and again', command: ['node', 'scripts/try-start.ts'], slow: true },
  { name: 'as a package in another CDK app', command: ['node', 'scripts/try-construct.ts'], slow: true },
  { name: 'from an empty folder to a page, installed from a package', command: ['node', 'scripts/try-installed.ts'], slow: true },
  { name: 'the steps of the container file', command: ['node', 'scripts/try-container.ts'], slow: true },
  { name: 'deployed into an emulator', command: ['node', 'test/cloud/main.ts'], slow: true },
  { name: 'benchmarks run', command: ['node', 'bench/run.ts'], slow: true },
];

const { values } = parseArgs({
  options: { slow: { type: 'boolean' }, except: { type: 'string', multiple: true }, report: { type: 'string' } },
});
const bin = join(import.meta.dirname, '..', 'node_modules', '.bin');
const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, FORCE_COLOR: '0' };

let passed = 0;
let failed = 0;
/** What failed, to be said at the end: the output of the other steps lies between. */
const failures: string[] = [];
/** Tests that ran out of time beside others and passed alone. */
const late: string[] = [];
for (const { name, command, slow, report, env: more } of steps) {
  if (values.except?.includes(name) || (slow === true && values.slow !== true)) continue;
  process.stdout.write(`\n=== ${name}: ${command.join(' ')}\n`);
  const [program = '', ...args] = command;
  const started = Date.now();
  const { status, error } = spawnSync(program, args, {
    cwd: join(import.meta.dirname, '..'),
    stdio: 'inherit',
    env: { ...env, ...more },
  });
  const isOver = status === 0 && error === undefined;
  const ok = isOver || (name === 'slow tests' && passAlone(readReport(slowReport)));
  process.stdout.write(
    `=== ${name}: ${ok ? 'passed' : `FAILED${error === undefined ? '' : ` (${error.message})`}`} in ${Math.round((Date.now() - started) / 1000)} s\n`,
  );
  if (report !== undefined) countTests(report, ok);
  else if (ok) passed += 1;
  else {
    failed += 1;
    failures.push(name);
    if (name === 'slow tests') failures.push(...failedTests(readReport(slowReport)));
  }
}
// A caller that ran the tests itself has them counted in.
if (values.report !== undefined) countTests(values.report, true);
rmSync(scratch, { recursive: true, force: true });
for (const test of late) process.stdout.write(`LATE, PASSED ALONE: ${test}\n`);
for (const failure of failures) process.stdout.write(`FAILED: ${failure}\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

/**
 * A run that failed without a failed test, such as by a file that could not be read, is a failure
 * all the same.
 */
function countTests(path: string, ok: boolean): void {
  const report = readReport(path);
  const passedAlone = passAlone(report);
  passed += report.numPassedTests + (passedAlone ? report.numFailedTests : 0);
  if (passedAlone) return;
  failed += report.numFailedTests > 0 || (ok && report.success) ? report.numFailedTests : 1;
  const named = failedTests(report);
  if (named.length > 0) failures.push(...named);
  else if (!ok || !report.success) failures.push('tests: the run failed without a failed test');
}

/**
 * Runs the files again whose tests only ran out of time, one after another. Any other failure
 * stands.
 */
function passAlone(report: Report): boolean {
  const lateOnes = lateTests(report);
  if (lateOnes.length === 0) return false;
  const files = [...new Set(lateOnes.map(({ file }) => file))];
  process.stdout.write(`\n=== once more, alone: ${files.join(', ')}\n`);
  const isRight = ranAgain(files, { ...env, TOCSIN_SLOW_TESTS: '1' });
  if (isRight) late.push(...lateOnes.map(({ text }) => text));
  return isRight;
}
