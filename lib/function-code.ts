import { copyFileSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type ICommandHooks, type NodejsFunctionProps, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { bundling, leftOut } from './bundling.ts';

const root = resolve(import.meta.dirname, '..');

/**
 * What an installed package carries (scripts/pack.ts). In a clone of the repository it is missing.
 */
const bundles = join(root, 'dist', 'functions');
const builtConsole = join(root, 'console');
const consoleBuilder = join(root, 'scripts', 'build-console.ts');

/** What lies beside a bundle: files by their name there, and the console if it serves it. */
type Beside = { files: Readonly<Record<string, string>>; console: boolean };

/**
 * The code of a function, with further files beside it by their name there. The bundle that an
 * installed package carries is taken as it is; in a clone it is made at synthesis. `scratch` is a
 * folder that lasts until then.
 */
export function functionCode(
  entry: string,
  beside: Beside,
  scratch: string,
): Pick<NodejsFunctionProps, 'entry' | 'handler' | 'code' | 'projectRoot' | 'depsLockFilePath' | 'bundling'> {
  const bundle = join(bundles, entry, 'index.mjs');
  if (existsSync(bundle)) return { handler: 'index.handler', code: Code.fromAsset(gathered(entry, bundle, beside, scratch)) };
  return {
    entry: join(root, 'lambdas', `${entry}.ts`),
    handler: 'handler',
    projectRoot: root,
    depsLockFilePath: join(root, 'package.json'),
    bundling: {
      ...bundling,
      format: OutputFormat.ESM,
      sourceMap: false,
      bundleAwsSDK: true,
      externalModules: leftOut,
      commandHooks: placing(beside),
    },
  };
}

function gathered(entry: string, bundle: string, { files, console }: Beside, scratch: string): string {
  const folder = join(scratch, entry);
  mkdirSync(folder, { recursive: true });
  for (const [name, file] of Object.entries({ 'index.mjs': bundle, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    copyFileSync(file, join(folder, name));
  }
  if (console) cpSync(builtConsole, join(folder, 'console'), { recursive: true });
  return folder;
}

/** Puts files beside a bundle, by their name there. Runs in the shell of the bundling machine. */
function placing({ files, console }: Beside): ICommandHooks {
  const copy = process.platform === 'win32' ? 'copy' : 'cp';
  return {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (_input, output) => [
      ...Object.entries(files).map(([name, file]) => `${copy} "${file}" "${join(output, name)}"`),
      ...(console ? [`"${process.execPath}" "${consoleBuilder}" "${join(output, 'console')}"`] : []),
    ],
  };
}
