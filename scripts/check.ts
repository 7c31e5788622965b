/**
 * Runs everything that must hold, and says what did and what did not. `npm run check` leaves the slow lanes out; with
 * `--slow` they run too; with `--except tests` the tests are left to the caller. Ends with what failed, a line each, and
 * `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';

type Step = { name: string; command: string[]; env?: Record<string, string>; slow?: true };

const scratch = mkdtempSync(join(tmpdir(), 'tocsin-check-'));
const testReport = join(scratch, 'tests.json');
const slowReport = join(scratch, 'slow-tests.json');

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
  { name: 'tests', command: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile=${testReport}`] },
  { name: 'cdk synth', command: ['cdk', 'synth', '--quiet', '--output', join(scratch, 'cdk.out')], slow: true },
  { name: 'replays of recorded data', command: ['node', 'scripts/replays.ts'], slow: true },
  {
    name: 'slow tests',
    command: ['vitest', 'run', '.slow.test.ts', '--reporter=default', '--reporter=json', `--outputFile=${slowReport}`],
    env: { TOCSIN_SLOW_TESTS: '1' },
    slow: true,
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
for (const { name, command, slow, env: more } of steps) {
  if (values.except?.includes(name) || (slow === true && values.slow !== true)) continue;
  process.stdout.write(`\n=== ${name}: ${command.join(' ')}\n`);
  const [program = '', ...args] = command;
  const started = Date.now();
  const { status, error } = spawnSync(program, args, {
    cwd: join(import.meta.dirname, '..'),
    stdio: 'inherit',
    env: { ...env, ...more },
  });
  const ok = status === 0 && error === undefined;
  process.stdout.write(
    `=== ${name}: ${ok ? 'passed' : `FAILED${error === undefined ? '' : ` (${error.message})`}`} in ${Math.round((Date.now() - started) / 1000)} s\n`,
  );
  if (name === 'tests') countTests(testReport, ok);
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
for (const failure of failures) process.stdout.write(`FAILED: ${failure}\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

type Report = {
  numPassedTests: number;
  numFailedTests: number;
  success: boolean;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
};

/** A run that failed without a failed test, such as by a file that could not be read, is a failure all the same. */
function countTests(path: string, ok: boolean): void {
  const report = readReport(path);
  passed += report.numPassedTests;
  failed += report.numFailedTests > 0 || (ok && report.success) ? report.numFailedTests : 1;
  const named = failedTests(report);
  if (named.length > 0) failures.push(...named);
  else if (!ok || !report.success) failures.push('tests: the run failed without a failed test');
}

function readReport(path: string): Report {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    process.stdout.write(`the tests left no report at ${path}\n`);
    return { numPassedTests: 0, numFailedTests: 0, success: false, testResults: [] };
  }
}

/** A line for each failed test, and for each file that failed as a whole: where, which, and the first line of why. */
function failedTests(report: Report): string[] {
  return report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failedOnes = assertionResults.filter((test) => test.status === 'failed');
    const file = relative(join(import.meta.dirname, '..'), name);
    if (failedOnes.length > 0)
      return failedOnes.map((test) => `${file}: ${test.fullName}: ${firstLine(test.failureMessages[0])}`);
    return status === 'failed' ? [`${file}: ${firstLine(message)}`] : [];
  });
}

function firstLine(text: string | undefined): string {
  return (text ?? '').split('\n', 1)[0] ?? '';
}
