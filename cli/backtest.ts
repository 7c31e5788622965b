import { writeFileSync } from 'node:fs';
import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { plottedSeries, stripOf, textPlot } from '../core/backtest/plot.ts';
import { rawRule } from '../core/backtest/raw-rule.ts';
import { scoreOf } from '../core/backtest/score.ts';
import { svgOf } from '../core/backtest/svg.ts';
import type { LabelledWindow } from '../core/backtest/windows.ts';
import { nearest } from '../core/config/nearest.ts';
import type { Config, Rule } from '../core/config/schema.ts';
import { shown } from '../core/config/shown.ts';
import { parseDuration } from '../core/config/units.ts';
import { backtest } from '../local/backtest.ts';
import { readRecords } from '../local/read-records.ts';
import { readWindowsFile } from '../local/read-windows.ts';
import { StartError } from '../local/start-error.ts';
import { detailText, type Judged, jsonOf, scoreTable } from './backtest-text.ts';
import { type ConfigOptions, configOrThrow, withConfigOptions } from './config-options.ts';

type Options = ConfigOptions & {
  data: string;
  windows?: string;
  since?: number;
  compare?: string;
  json?: boolean;
  svg?: string;
};

export function backtestCommand(): Command {
  return withConfigOptions(new Command('backtest'))
    .argument('<rule>', 'name of a rule of the config whose source is one of predictions or samples')
    .description('replay recorded data against one rule, and score what it would have paged')
    .requiredOption('--data <file>', 'recorded data: .csv, .ndjson, .jsonl or .json, gzipped or not')
    .option('--windows <file>', 'when something was really wrong: .json or .csv with from, to and perhaps label')
    .option(
      '--since <duration>',
      'score only the end of the data, such as 30d; what is before it fills the baselines',
      durationOf,
    )
    .option('--compare <config>', 'folder or file of another config that has this rule too; shown side by side')
    .option('--json', 'everything as one JSON object')
    .option('--svg <file>', 'write the plot as a picture')
    .addHelpText('after', '\nNothing is paged. docs/backtest.md explains the figures.')
    .action(run);
}

function durationOf(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms === 0)
    throw new InvalidArgumentError(`expected a duration such as 12h or 30d; received ${JSON.stringify(text)}.`);
  return ms;
}

async function run(ruleId: string, options: Options): Promise<void> {
  const { config } = configOrThrow(options);
  const rule = ruleOf(config, ruleId, options.config);
  const other = options.compare === undefined ? undefined : configOrThrow({ ...options, config: options.compare }).config;
  const otherRule = other === undefined ? undefined : ruleOf(other, ruleId, options.compare as string);
  const windows = options.windows === undefined ? undefined : await readWindowsFile(options.windows, options.data);

  const judge = async (name: string, of: Config, one: Rule): Promise<Judged> => {
    const records = await recordsOf(options.data, of, one);
    const bar = process.stderr.isTTY
      ? new SingleBar({ stream: process.stderr, clearOnComplete: true, format: `${name} {bar} {percentage}%` })
      : undefined;
    bar?.start(1, 0);
    const onProgress = (share: number): void => bar?.update(share);
    const history = await backtest({ config: of, ruleId, rule: one, records, since: options.since, onProgress });
    bar?.stop();
    return { name, history, score: scoreOf(history, windows) };
  };
  const own = await judge('this rule', config, rule);
  const compared = other === undefined || otherRule === undefined ? undefined : await judge('compared', other, otherRule);
  const raw = hasEvidence(rule) ? await judge('plain threshold', config, rawRule(rule)) : undefined;
  const all = [own, compared, raw].filter((one) => one !== undefined);

  const plot = plotOf(rule.title ?? ruleId, all, windows);
  if (options.svg !== undefined) writeOrThrow(options.svg, svgOf(plot));
  const { stdout } = process;
  if (options.json) {
    stdout.write(`${JSON.stringify({ rule: ruleId, data: options.data, results: all.map(jsonOf) }, null, 2)}\n`);
    return;
  }
  const width = Math.min(100, Math.max(40, (stdout.columns ?? 96) - 24));
  stdout.write(`${textPlot(plot, width, 12)}\n${scoreTable(all)}\n${detailText(own, raw)}`);
  if (own.history.series.length > 1)
    stdout.write(`The plot shows one of ${own.history.series.length} series; the figures are of all of them.\n`);
}

function plotOf(title: string, all: readonly Judged[], windows: readonly LabelledWindow[] | undefined) {
  const { history } = all[0] as Judged;
  return {
    title,
    from: history.from,
    to: history.to,
    judgements: plottedSeries(history)?.judgements ?? [],
    strips: all.map((one) => stripOf(one.name, one.history, windows)),
    windows: windows ?? [],
  };
}

/** A rule that is a plain threshold already has nothing to be compared with. */
const hasEvidence = (rule: Rule): boolean =>
  (rule.threshold ?? rule.degradation ?? rule.rateOfChange) !== undefined &&
  JSON.stringify(rawRule(rule)) !== JSON.stringify(rule);

function ruleOf(config: Config, id: string, path: string): Rule {
  const rule = Object.hasOwn(config.rules, id) ? config.rules[id] : undefined;
  if (rule === undefined) {
    const near = nearest(id, Object.keys(config.rules));
    const hint = near === undefined ? `it has ${Object.keys(config.rules).join(', ')}` : `did you mean ${near}?`;
    throw new StartError(`the config at ${path} has no rule ${shown(id)}; ${hint}`);
  }
  if (rule.source === undefined)
    throw new StartError(`${id} is a composite rule, which asks no source; backtest the rules that it names`);
  return rule;
}

async function recordsOf(file: string, config: Config, rule: Rule) {
  const source = rule.source === undefined ? undefined : config.sources[rule.source];
  if (source?.kind !== 'predictions' && source?.kind !== 'samples')
    throw new StartError(`a file can stand for a source of predictions or samples; ${rule.source} is one of ${source?.kind}`);
  const { records, rejected } = await readRecords(file, source);
  const [first] = rejected;
  if (records.length === 0)
    throw new StartError(
      `${file} has no record that can be read${first === undefined ? '' : `; the first is refused: ${first.reason}`}`,
    );
  if (first !== undefined)
    process.stderr.write(`${rejected.length} records are refused (the first: record ${first.index}, ${first.reason}).\n`);
  return records;
}

function writeOrThrow(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    throw new StartError(`${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
