import { cpus, totalmem } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { crashes } from './crashes.ts';
import type { Row } from './result.ts';

function numberOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('expected a whole number.');
  return Number(text);
}

type Options = {
  only?: string;
  deployed?: boolean;
  rounds: number;
  minutes: number;
  seconds: number;
  inputs: number;
  alerts: number;
  seed: number;
};
const deployed: Record<string, (options: Options) => Promise<Row[]>> = {
  deployed: async (options) => (await import('../deployed/chaos.ts')).chaosDeployed(options),
};
const here: Record<string, (options: Options) => Promise<Row[]>> = {
  crashes,
  targets: async (options) => (await import('./targets.ts')).targets(options),
  sources: async () => (await import('./sources.ts')).sources(),
  storm: async (options) => (await import('./storm.ts')).storm(options),
  disk: async () => (await import('./store-lost.ts')).disk(),
  file: async () => (await import('./store-lost.ts')).file(),
  fuzz: async (options) => (await import('./fuzz.ts')).fuzz(options),
};

const options = new Command('npm run chaos --')
  .description('Breaks Tocsin on purpose and counts what was lost. Takes some minutes; ends with 1 when anything was.')
  .addOption(new Option('--only <part>', 'one part').choices(Object.keys(here)))
  .option('--deployed', 'a smaller version against a deployment in the emulator of an AWS account, instead of all these')
  .option('--seconds <number>', 'how long the deployment is disturbed', numberOf, 60)
  .option('--rounds <number>', 'how often the process is killed', numberOf, 200)
  .option('--minutes <number>', 'no more kills after this time', numberOf, 60)
  .option('--inputs <number>', 'how much the fuzzing sends', numberOf, 100_000)
  .option('--alerts <number>', 'how many alerts a storm has', numberOf, 10_000)
  .option('--seed <number>', 'of everything that is random', numberOf, Math.floor(Math.random() * 1_000_000))
  .parse()
  .opts<Options>();

process.stdout.write(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB; Node ${process.versions.node}\n`,
);
let failed = 0;
for (const [name, part] of Object.entries(options.deployed ? deployed : here)) {
  if (options.only !== undefined && options.only !== name) continue;
  process.stderr.write(`${name} ... (seed ${options.seed})\n`);
  const began = performance.now();
  const rows = await part(options);
  process.stdout.write(`\n${name}, ${Math.round((performance.now() - began) / 1000)} s\n\n| What | Found | |\n|---|---|---|\n`);
  for (const { name: what, value, ok } of rows) {
    if (ok === false) failed += 1;
    process.stdout.write(`| ${what} | ${value} | ${ok === undefined ? '' : ok ? 'held' : '**broken**'} |\n`);
  }
}
if (failed > 0) process.stdout.write(`\n${failed} of them did not hold; the same seed sends the same things again.\n`);
process.exit(failed > 0 ? 1 : 0);
