// Plain JavaScript for whatever Node is there: installs what is missing, then runs a program of the project on the Node 24 of
// the lockfile. A shell that has found an older `node` once goes on using it, also after an install has put a newer one first.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { prepare } from './prepare.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// Node strips the types of some 600 files at each start; it keeps what it made of them here.
process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'compile');
const own = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const [, , program, ...rest] = process.argv;
// All others are for whoever works on Tocsin, and need everything.
const needTheServiceOnly = ['scripts/start.ts', 'cli/tocsin.ts'];
prepare({ all: !needTheServiceOnly.includes(program) });
const path = resolve(root, program);

if (!existsSync(own) || realpathSync(own) === realpathSync(process.execPath)) {
  process.argv.splice(1, 2, path);
  await import(pathToFileURL(path).href);
} else {
  const child = spawn(own, [...process.execArgv, path, ...rest], { stdio: 'inherit' });
  // Ctrl-C reaches both; the child ends in its own time, and this waits for it.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    process.stderr.write(`tocsin: ${own} cannot be started: ${error.message}; remove node_modules and start again\n`);
    process.exit(1);
  });
  child.on('exit', (code) => process.exit(code ?? 1));
}
