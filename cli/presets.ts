import { Command } from 'commander';
import { stringify } from 'yaml';
import { counted } from '../core/vocabulary/counted.ts';
import { nearest } from '../core/vocabulary/nearest.ts';
import { StartError } from '../local/start-error.ts';
import { presets } from './presets/all.ts';
import { type Preset, usualSource } from './presets/preset.ts';

type Options = { source?: string; runbook?: string };

export function presetsCommand(): Command {
  return new Command('presets')
    .argument('[name]', 'the model server, such as vllm; without it all are listed')
    .description('ready rules for model servers, by their own metric names, to paste into a config')
    .option('--source <name>', 'the source of the config that they ask')
    .option('--runbook <name>', 'one runbook for all of them')
    .addHelpText(
      'after',
      '\nBounds are a beginning: `tocsin backtest RULE --source` says how often they would have paged. docs/model-servers.md',
    )
    .action((name: string | undefined, options: Options) => {
      process.stdout.write(name === undefined ? listed() : printed(presetNamed(name), name, options));
    });
}

function presetNamed(name: string): Preset {
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (preset !== undefined) return preset;
  const near = nearest(name, Object.keys(presets));
  const meant = near === undefined ? '' : `; did you mean ${near}?`;
  throw new StartError(`expected one of ${Object.keys(presets).join(', ')}; received ${JSON.stringify(name)}${meant}`);
}

function listed(): string {
  const width = Math.max(...Object.keys(presets).map((name) => name.length));
  const lines = Object.entries(presets).map(
    ([name, { server, asks, rules }]) =>
      `${name.padEnd(width)}  ${server}: ${counted(Object.keys(rules).length, 'rule')} that ask a source of the kind ${asks}`,
  );
  return `${lines.join('\n')}\n\ntocsin presets NAME > config/NAME.yaml\n`;
}

/** The rules as a file of a config, with what else that config needs as a comment. */
export function printed({ server, asks, documentation, notes, rules }: Preset, name: string, options: Options): string {
  const source = options.source ?? usualSource[asks];
  const whole = Object.entries(rules).map(([id, rule]) => {
    const { title, ...others } = rule;
    return [id, { title, source, ...others, ...(options.runbook === undefined ? {} : { runbook: options.runbook }) }];
  });
  const runbooks = [...new Set(Object.values(rules).map(({ runbook }) => runbook))];
  const needs =
    options.runbook === undefined
      ? [`Runbooks: ${runbooks.join(', ')}. Yours, or those of Tocsin's runbooks/; --runbook NAME names another one.`]
      : [];
  const lines = [
    `Rules for ${server}; made by: tocsin presets ${name}`,
    `Metrics: ${documentation}`,
    `They ask the source ${source}, of the kind ${asks}.`,
    ...needs,
    'Bounds are a beginning: tocsin backtest RULE --source',
    ...notes,
  ];
  const head = lines.map((line) => `# ${line}\n`).join('');
  return `${head}${stringify({ rules: Object.fromEntries(whole) }, { lineWidth: 0 })}`;
}
