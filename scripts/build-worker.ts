/**
 * Builds the console's service worker, and what registers it: whole scripts, which import nothing.
 */
import { basename } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';

type Made = { files: { name: string; bytes: Uint8Array<ArrayBuffer> }[]; worker: string; register: string; sources: string[] };

/**
 * `build` names the build of the console: another one has another worker, so that browsers notice.
 */
export function buildWorker(
  { build, icon }: { build: string; icon: string },
  { absWorkingDir, target }: Pick<BuildOptions, 'absWorkingDir' | 'target'>,
): Made {
  const { outputFiles, metafile } = buildSync({
    absWorkingDir,
    target,
    entryPoints: { worker: 'web/worker/worker.ts', register: 'web/worker/register.ts' },
    outdir: 'console',
    entryNames: '[name]-[hash]',
    bundle: true,
    format: 'iife',
    platform: 'browser',
    define: { tocsinBuild: JSON.stringify(build), tocsinIcon: JSON.stringify(`/console/${icon}`) },
    minify: true,
    metafile: true,
    write: false,
    logLevel: 'error',
  });
  const files = outputFiles.map(({ path, contents }) => ({ name: basename(path), bytes: new Uint8Array(contents) }));
  const named = (start: string): string => files.find(({ name }) => name.startsWith(start))?.name ?? '';
  return { files, worker: named('worker-'), register: named('register-'), sources: Object.keys(metafile.inputs) };
}
