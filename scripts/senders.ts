/**
 * Runs the tests in which real programs and clients of other systems send to Tocsin, or are asked
 * by it: `npm run test:senders`. What is not on this machine and cannot be installed is skipped,
 * and its test says what it needs. Names choose some of them: `npm run test:senders -- mlflow`.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Where all slow tests are of real programs, and files of other folders that are. */
const folders = ['test/senders', 'test/prometheus'];
const others = [
  'test/local/otlp/service.slow.test.ts',
  // A PostgreSQL server is asked.
  'test/adapters/sql/postgres.slow.test.ts',
  // The step for GitHub Actions sends with jq and curl.
  'test/cli/changes.test.ts',
];

const inFolders = folders.flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.slow.test.ts'))
    .map((name) => `${folder}/${name}`),
);
const files = [...inFolders, ...others];
const named = process.argv.slice(2);
const chosen = named.length === 0 ? files : files.filter((file) => named.some((name) => file.includes(name)));
if (chosen.length === 0) {
  process.stderr.write(`expected the name of a sender, a part of one of these files:\n${files.join('\n')}\n`);
  process.exit(2);
}
const startedAt = performance.now();
const { status } = spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...chosen], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TOCSIN_SLOW_TESTS: '1' },
});
const minutes = (performance.now() - startedAt) / 60_000;
process.stdout.write(`${chosen.length} files of real programs in ${minutes.toFixed(1)} minutes\n`);
process.exitCode = status ?? 1;
