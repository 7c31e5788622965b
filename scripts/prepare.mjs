// Plain JavaScript for whatever Node is there: installs the dependencies, Node 24 among them, when they are missing or
// older than the lockfile. Says so on stderr, for stdout may be read by a program.
//
// In two steps, so that the first start waits for little: what the service, its example and the command line need (the
// `dependencies`), then what tests, benchmarks and deployments need as well (the `devDependencies`).
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const lockfile = join(root, 'package-lock.json');
const installed = join(root, 'node_modules', '.package-lock.json');

/** Installs what is missing. `all` false: only what the service, its example and the command line need. */
export function prepare({ all }) {
  const isThere = existsSync(installed);
  const isCurrent = isThere && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs;
  const isWhole = isThere && hasDevDependencies();
  if (isCurrent && (isWhole || !all)) return;
  // `npm ci` begins by removing everything, so what is only incomplete is completed instead, and what was whole stays so.
  if (isCurrent) install('the rest, for tests and deployments', ['install', '--no-save']);
  else if (all || isWhole) install('the dependencies', ['ci']);
  else install('what the service and its example need', ['ci', '--omit=dev']);
}

/** npm writes its own list of what is installed, with and without the development dependencies alike. */
function hasDevDependencies() {
  const { devDependencies = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.keys(devDependencies).every((name) => existsSync(join(root, 'node_modules', name, 'package.json')));
}

function install(what, args) {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) fail(`expected Node 20 or newer to install with; found ${process.versions.node}`);
  const command = `npm ${args.join(' ')}`;
  process.stderr.write(`Installing ${what} (${command}); this is needed once, and again when they change.\n`);
  const windows = process.platform === 'win32';
  const { status, error } = spawnSync(windows ? 'npm.cmd' : 'npm', [...args, '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: windows,
  });
  if (error !== undefined) fail(`npm could not be started: ${error.message}; it comes with Node`);
  if (status !== 0) fail(`${command} failed; its message is above. With the registry reachable, start again`);
}

function fail(message) {
  process.stderr.write(`tocsin: ${message}\n`);
  process.exit(1);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) prepare({ all: true });
