/** What vitest's JSON report says of failed tests. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');

export type Report = {
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

export function readReport(path: string): Report {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    process.stdout.write(`the tests left no report at ${path}\n`);
    return { numPassedTests: 0, numFailedTests: 0, success: false, testResults: [] };
  }
}

/**
 * A line for each failed test, and for each file that failed as a whole: where, which, and the
 * first line of why.
 */
export const failedTests = (report: Report): string[] => failuresOf(report).map(({ text }) => text);

/** As vitest, its `expect.poll` and the driver of the browser say it. */
const ranOutOfTime = /Test timed out in \d+ms|Matcher did not succeed in time|Timeout \d+ms exceeded/;

/** More files than this are no accident of a busy machine. */
const mostFiles = 5;

/**
 * The failed tests, if each of them ran out of time: browsers and services of their own run beside
 * each other, and on a busy machine one may have to wait. None if any test failed in another way.
 */
export function lateTests(report: Report): { file: string; text: string }[] {
  const failures = failuresOf(report);
  const files = new Set(failures.map(({ file }) => file));
  const isLate = files.size <= mostFiles && failures.every(({ why }) => ranOutOfTime.test(why));
  return isLate ? failures.map(({ file, text }) => ({ file, text })) : [];
}

/** Runs test files one after another; whether all passed. */
export function ranAgain(files: readonly string[], env: NodeJS.ProcessEnv): boolean {
  const vitest = join(root, 'node_modules', '.bin', 'vitest');
  const { status } = spawnSync(vitest, ['run', '--no-file-parallelism', ...files], { cwd: root, stdio: 'inherit', env });
  return status === 0;
}

function failuresOf(report: Report): { file: string; why: string; text: string }[] {
  return report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length > 0)
      return failed.map(({ fullName, failureMessages }) => {
        const why = firstLine(failureMessages[0]);
        return { file, why, text: `${file}: ${fullName}: ${why}` };
      });
    const why = firstLine(message);
    return status === 'failed' ? [{ file, why, text: `${file}: ${why}` }] : [];
  });
}

function firstLine(text: string | undefined): string {
  return (text ?? '').split('\n', 1)[0] ?? '';
}
