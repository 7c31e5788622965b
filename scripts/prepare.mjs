// Plain JavaScript for whatever Node is there: installs the dependencies, Node 24 among them, when they are missing or
// older than the lockfile. Says so on stderr, for stdout may be read by a program.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const lockfile = join(root, 'package-lock.json');
const installed = join(root, 'node_modules', '.package-lock.json');

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lockfile).mtimeMs) {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) fail(`expected Node 20 or newer to install with; found ${process.versions.node}`);
  process.stderr.write('Installing the dependencies (npm ci); this is needed once, and again when they change.\n');
  const windows = process.platform === 'win32';
  const { status, error } = spawnSync(windows ? 'npm.cmd' : 'npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: windows,
  });
  if (error !== undefined) fail(`npm could not be started: ${error.message}; it comes with Node`);
  if (status !== 0) fail('npm ci failed; its message is above. With the registry reachable, start again');
}

function fail(message) {
  process.stderr.write(`tocsin: ${message}\n`);
  process.exit(1);
}
