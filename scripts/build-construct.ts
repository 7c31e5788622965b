/**
 * Builds what a CDK app gets that installed Tocsin as a package: `dist/construct.js` and its declarations. Node reads no
 * TypeScript inside node_modules, so lib/ is bundled; packages stay outside, for they are installed beside it. The
 * functions travel as TypeScript and are bundled at synthesis, as they are here. Runs before `npm pack`; dist/
 * lies as deep as lib/, so both find the root of the package one folder up.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: ['lib/tocsin.ts'],
  outfile: join(dist, 'construct.js'),
  bundle: true,
  packages: 'external',
  platform: 'node',
  // The oldest Node that the CDK itself supports.
  target: 'node20.16',
  format: 'esm',
  legalComments: 'none',
  logLevel: 'warning',
});
declare(['lib/tocsin.ts'], join(dist, 'types'));

/** Writes the declarations of the files and of what they import. Throws when the compiler finds fault with them. */
function declare(files: string[], outDir: string): void {
  const options = [
    ...['--ignoreConfig', '--declaration', '--emitDeclarationOnly', '--noEmit', 'false', '--rootDir', root, '--outDir', outDir],
    ...['--target', 'es2024', '--lib', 'ES2024,ESNext.Iterator', '--module', 'nodenext', '--moduleResolution', 'nodenext'],
    ...['--types', 'node', '--strict', '--allowImportingTsExtensions', '--skipLibCheck'],
  ];
  const { status, error } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options, ...files], {
    cwd: root,
    stdio: 'inherit',
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`the declarations could not be written: tsc ended with ${status}`);
}
