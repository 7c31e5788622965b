import { enableCompileCache } from 'node:module';

// Caches compiled modules, which saves a third of a second per command. Modules must load after
// this call.
enableCompileCache();
const { runTocsin } = await import('./run.ts');

// A reader such as `head` that stops early is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

await runTocsin(process.argv.slice(2));
