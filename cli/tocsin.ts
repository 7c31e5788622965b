import { enableCompileCache } from 'node:module';

// Caches compiled modules, which saves a third of a second per command. Modules must load after
// this call.
enableCompileCache();
const { tocsinProgram } = await import('./program.ts');
const { makeSafe } = await import('./safe-streams.ts');
const { StartError } = await import('../local/start-error.ts');

makeSafe(process.stdout);
makeSafe(process.stderr);

const program = tocsinProgram((root) =>
  root.exitOverride((error) => {
    // Commander exits with 1 for a usage error, which here means that a check failed; use 2
    // instead.
    process.exit(error.exitCode === 0 ? 0 : 2);
  }),
);

// A reader such as `head` that stops early is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`tocsin: ${error.message}\n`);
  process.exitCode = 1;
}
