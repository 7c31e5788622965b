/**
 * Builds the console (web/) into files with hashed names. One machine builds it when it starts, in
 * less than a second; a package and a deployment carry what was built. As a program: `node
 * scripts/build-console.ts FOLDER` writes the files there.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
import { buildWorker } from './build-worker.ts';

const root = resolve(import.meta.dirname, '..');

/** What index.json of a folder with the built console says: which of its files a page names. */
export type ConsoleIndex = {
  script: string;
  style: string;
  icon: string;
  /** Of the console as an installed application, by what they are for. */
  icons: Record<IconUse, string>;
  /** The service worker, and what registers it. Each is one file. */
  worker: string;
  register: string;
  /** What the script imports at once: a page that names them saves the browser a round trip. */
  parts: string[];
  /**
   * By the folder of a screen in web/screens: what it needs besides, named by the page that opens
   * on it.
   */
  screens: Record<string, string[]>;
};

/**
 * `any`: as it is; `maskable`: a system cuts its shape out of it; `touch`: on the home screen of
 * iOS.
 */
const iconFiles = {
  any192: 'web/icons/any-192.png',
  any512: 'web/icons/any-512.png',
  maskable512: 'web/icons/maskable-512.png',
  touch180: 'web/icons/touch-180.png',
} as const;
type IconUse = keyof typeof iconFiles;

export type BuiltConsole = ConsoleIndex & {
  files: { name: string; bytes: Uint8Array<ArrayBuffer> }[];
  /** Files of the repository that it is made of. */
  sources: string[];
  /**
   * Names of the scripts that the first view loads: the script, what it imports, and the largest of
   * the screens.
   */
  first: string[];
};

/** Throws what esbuild finds wrong. */
export function buildConsole(): BuiltConsole {
  const { outputFiles, metafile } = bundled(sharedIn(looked().metafile));
  const page = outputFiles.map(({ path, contents }) => ({ name: basename(path), bytes: new Uint8Array(contents) }));
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
  const entryOf = (source: string): string => {
    const found = [...outputs].find(([, { entryPoint }]) => entryPoint === source);
    if (found === undefined) throw new Error(`esbuild made nothing of ${source}`);
    return found[0];
  };
  const importsOf = (name: string): string[] =>
    (outputs.get(name)?.imports ?? []).filter(({ kind }) => kind === 'import-statement').map(({ path }) => basename(path));
  const script = entryOf(entry);
  const base = reached([script], importsOf);
  const screens: Record<string, string[]> = {};
  for (const [name, { entryPoint = '' }] of outputs) {
    const [, screen] = /^web\/screens\/(.*)\/index\.tsx$/.exec(entryPoint) ?? [];
    if (screen !== undefined) screens[screen] = [...reached([name], importsOf)].filter((one) => !base.has(one));
  }
  const bytesOf = (names: readonly string[]): number => names.reduce((sum, name) => sum + (outputs.get(name)?.bytes ?? 0), 0);
  const largest = Object.values(screens).toSorted((a, b) => bytesOf(b) - bytesOf(a))[0] ?? [];
  const icons = Object.fromEntries(
    Object.keys(iconFiles).map((use) => [use, page.find(({ name }) => name.startsWith(`${use}-`))?.name ?? '']),
  ) as Record<IconUse, string>;
  const { worker, register, ...made } = buildWorker({ build: script, icon: icons.any192 }, options);
  return {
    script,
    parts: [...base].filter((name) => name !== script),
    screens,
    style: entryOf('web/style/console.css'),
    icon: page.map(({ name }) => name).find((name) => name.endsWith('.svg')) ?? '',
    icons,
    worker,
    register,
    files: [...page, ...made.files],
    sources: [
      ...Object.keys(metafile.inputs).filter((path) => !/\.(css|png)$/.test(path) && !path.includes(sharedName)),
      ...made.sources,
    ],
    first: [...base, ...largest],
  };
}

const entry = 'web/main.tsx';
const sharedName = 'shared-by-screens.ts';

const options = {
  absWorkingDir: root,
  loader: { '.svg': 'copy', '.png': 'copy' },
  outdir: 'console',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'browser',
  target: ['es2023', 'chrome120', 'firefox121', 'safari17.2'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  metafile: true,
  write: false,
  logLevel: 'error',
} satisfies BuildOptions;

/** Who imports what. */
const looked = () => buildSync({ ...options, entryPoints: [entry] });

/** `shared`: sources that go into one file, which the script and every screen import. */
function bundled(shared: readonly string[]) {
  // esbuild makes a file for each set of screens that share a piece: two dozen, of which most are
  // smaller than the request for them. What all import ends up in one.
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-console-'));
  try {
    const inject = join(folder, sharedName);
    writeFileSync(inject, shared.map((path) => `import ${JSON.stringify(join(root, path))};\n`).join(''));
    return buildSync({
      ...options,
      entryPoints: { console: entry, style: 'web/style/console.css', icon: 'web/icon.svg', ...iconFiles },
      entryNames: '[name]-[hash]',
      chunkNames: 'part-[hash]',
      inject: [inject],
      minify: true,
      legalComments: 'eof',
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Fewer screens keep what they share in a file of their own. */
const fewestScreens = 3;

/** Sources that the script and a screen import, or several screens. */
function sharedIn({ inputs }: Metafile): string[] {
  const importsOf = (path: string): string[] =>
    (inputs[path]?.imports ?? []).filter(({ kind }) => kind === 'import-statement').map((one) => one.path);
  const opened = Object.values(inputs).flatMap(({ imports }) =>
    imports.filter(({ kind }) => kind === 'dynamic-import').map(({ path }) => path),
  );
  const screens = [...new Set(opened)].map((path) => reached([path], importsOf));
  const ofScript = reached([entry], importsOf);
  // Packages come with those that import them.
  return Object.keys(inputs).filter((path) => {
    const count = screens.filter((one) => one.has(path)).length;
    return !path.includes('node_modules/') && (ofScript.has(path) ? count > 0 : count >= fewestScreens);
  });
}

function reached(from: readonly string[], importsOf: (one: string) => string[], seen = new Set<string>()): Set<string> {
  for (const one of from) {
    if (seen.has(one)) continue;
    seen.add(one);
    reached(importsOf(one), importsOf, seen);
  }
  return seen;
}

/** Writes the built console and its index into a folder, in place of what was there. */
export function writeConsole(folder: string): void {
  const { files, sources: _, first: __, ...index } = buildConsole();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { name, bytes } of files) writeFileSync(join(folder, name), bytes);
  writeFileSync(join(folder, 'index.json'), `${JSON.stringify(index satisfies ConsoleIndex)}\n`);
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('expected the folder to write to: node scripts/build-console.ts FOLDER');
  writeConsole(resolve(folder));
}
