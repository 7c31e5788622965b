import { cpus, totalmem } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Row } from '../chaos/result.ts';

function hoursOf(text: string): number {
  const hours = Number(text);
  if (!/^\d+$/.test(text) || hours < 1 || hours > 168) throw new InvalidArgumentError('expected 1 to 168 hours.');
  return hours;
}

function millisecondsOf(text: string): number {
  const ms = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || ms <= 0 || ms > 1000) throw new InvalidArgumentError('expected milliseconds, up to 1000.');
  return ms;
}

type Options = { only?: string; deployed?: boolean; beside?: string; slowDisk?: number; seconds: number; hours: number };
const deployed: Record<string, (options: Options) => Promise<Row[]>> = {
  deployed: async () => (await import('../deployed/load.ts')).loadDeployed(),
};
const here: Record<string, (options: Options) => Promise<Row[]>> = {
  samples: async () => (await import('./samples.ts')).samples(),
  rubbish: async () => (await import('./rubbish.ts')).rubbish(),
  alerts: async (options) => (await import('./alerts.ts')).alerts(options),
  targets: async () => (await import('./targets.ts')).targets(),
  day: async ({ hours }) => (await import('./day.ts')).day(hours),
};

const options = new Command('npm run load --')
  .description('Measures how much a service on this machine takes, and how soon it pages.')
  .addOption(new Option('--only <part>', 'one part').choices(Object.keys(here)))
  .addOption(new Option('--beside <other>', 'the same alerts to another system on this machine').choices(['alertmanager']))
  .option('--slow-disk <ms>', 'of `alerts`: each flush takes this much longer', millisecondsOf)
  .option('--seconds <number>', 'of `alerts`: how long each flood counts', millisecondsOf, 8)
  .option('--deployed', 'a smaller version against a deployment in the emulator of an AWS account, instead of all these')
  .option('--hours <number>', 'of the virtual day', hoursOf, 24)
  .parse()
  .opts<Options>();

process.stdout.write(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB; Node ${process.versions.node}\n`,
);
for (const [name, part] of Object.entries(options.deployed ? deployed : here)) {
  if (options.only !== undefined && options.only !== name) continue;
  process.stderr.write(`${name} ...\n`);
  const rows = await part(options);
  process.stdout.write(`\n${name}\n\n| What | Measured |\n|---|---|\n`);
  for (const { name: what, value, ok } of rows) {
    process.stdout.write(`| ${what} | ${value}${ok === false ? ' (**broken**)' : ''} |\n`);
    if (ok === false) process.exitCode = 1;
  }
}
process.exit();
