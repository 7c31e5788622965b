/**
 * `npm run pack`: builds the package that others install, and packs it into `tocsin-VERSION.tgz` in
 * this folder.
 *
 * It holds JavaScript only, for Node reads no TypeScript inside node_modules: the command line with
 * the service, the CDK construct with its declarations, each function as the stack deploys it, and
 * the console. Packages are bundled in. What is outside: the CDK, which a CDK app brings, and zod,
 * whose types the declarations name. The files lie one folder below the root of the package, as
 * they do in the repository, so what they read beside them is found in both.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { bundleLambda, lambdaNames } from '../bench/lambdas.ts';
import { writeConsole } from './build-console.ts';

const root = resolve(import.meta.dirname, '..');
const out = join(root, 'dist', 'package');
const dist = join(out, 'dist');

type Manifest = {
  version: string;
  description: string;
  license: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

const { values } = parseArgs({ options: { to: { type: 'string', default: root } } });

rmSync(out, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
await commandLine();
await construct();
writeConsole(join(out, 'console'));
for (const name of lambdaNames()) await bundleLambda(name, join(dist, 'functions'));
for (const path of [
  'LICENSE',
  'README.md',
  'runbooks',
  'config/tocsin.schema.json',
  'http/openapi/openapi.json',
  'adapters/resvg/fonts',
])
  cpSync(join(root, path), join(out, path), { recursive: true });
cpSync(join(root, 'node_modules/@resvg/resvg-wasm/index_bg.wasm'), join(out, 'adapters/resvg/resvg.wasm'));
writeFileSync(join(out, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
run('npm', ['pack', '--silent', '--pack-destination', resolve(values.to)], out);

/** In parts, each of which is read when a command needs it. */
async function commandLine(): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: { tocsin: 'cli/tocsin.ts' },
    outdir: dist,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    format: 'esm',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'linked',
    banner: { js: "import{createRequire as tocsinRequire}from'node:module';const require=tocsinRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  mkdirSync(join(out, 'bin'));
  cpSync(join(root, 'scripts/installed.mjs'), join(out, 'bin/tocsin.mjs'));
}

async function construct(): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ['lib/tocsin.ts'],
    outfile: join(dist, 'construct.js'),
    bundle: true,
    external: ['aws-cdk-lib', 'constructs', 'zod'],
    platform: 'node',
    // The oldest Node that the CDK itself supports.
    target: 'node20.16',
    format: 'esm',
    legalComments: 'linked',
    banner: { js: "import{createRequire as tocsinRequire}from'node:module';const require=tocsinRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  declare(['lib/tocsin.ts'], join(dist, 'types'));
}

function manifest(): object {
  const { version, description, license, dependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as Manifest;
  return {
    name: 'tocsin',
    version,
    description,
    license,
    type: 'module',
    engines: { node: '>=20.16' },
    bin: { tocsin: 'bin/tocsin.mjs' },
    exports: {
      '.': { types: './dist/types/lib/tocsin.d.ts', default: './dist/construct.js' },
      './package.json': './package.json',
    },
    dependencies: { zod: dependencies['zod'] },
    // Only a CDK app needs them, and brings them itself.
    peerDependencies: { 'aws-cdk-lib': '^2.276.0', constructs: '^10.5.0' },
    peerDependenciesMeta: { 'aws-cdk-lib': { optional: true }, constructs: { optional: true } },
  };
}

/**
 * Writes the declarations of the files and of what they import. Throws when the compiler finds
 * fault with them.
 */
function declare(files: string[], outDir: string): void {
  const options = [
    ...['--ignoreConfig', '--declaration', '--emitDeclarationOnly', '--noEmit', 'false', '--rootDir', root, '--outDir', outDir],
    ...['--target', 'es2024', '--lib', 'ES2024,ESNext.Iterator', '--module', 'nodenext', '--moduleResolution', 'nodenext'],
    ...['--types', 'node', '--strict', '--allowImportingTsExtensions', '--skipLibCheck'],
  ];
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options, ...files], root);
}

function run(command: string, args: string[], cwd: string): void {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.slice(0, 3).join(' ')} ended with ${status}`);
}
