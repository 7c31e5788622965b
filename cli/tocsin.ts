import { enableCompileCache } from 'node:module';

// Types are stripped, and modules compiled, once and not with every command: a third of a second each time. What is to be
// remembered has to be loaded afterwards.
enableCompileCache();
const { tocsinProgram } = await import('./program.ts');
const { StartError } = await import('../local/start-error.ts');

const program = tocsinProgram((root) =>
  root.exitOverride((error) => {
    // Commander ends with 1 for a command it did not understand, which here means that something was found wanting.
    process.exit(error.exitCode === 0 ? 0 : 2);
  }),
);

// A reader such as `head` that has seen enough is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`tocsin: ${error.message}\n`);
  process.exitCode = 1;
}
