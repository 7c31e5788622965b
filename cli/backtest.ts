import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { outsideSources } from '../adapters/sources.ts';
import { svgOf } from '../core/charts/svg.ts';
import { textPlot } from '../core/charts/text.ts';
import type { Config } from '../core/config/schema.ts';
import { isAsking, type Rule, sourceNameOf } from '../core/detection/rules/rule-schema.ts';
import { rulesBehind } from '../core/dry-run/backtest/judged-rules.ts';
import { rawRule } from '../core/dry-run/backtest/raw-rule.ts';
import { scoreOf } from '../core/dry-run/backtest/score.ts';
import { plottedSeries, stripOf } from '../core/dry-run/backtest/strips.ts';
import type { LabelledWindow } from '../core/dry-run/backtest/windows.ts';
import { countsPoints } from '../core/dry-run/cost/watched-metrics.ts';
import { isOutside, isStored } from '../core/telemetry/sources/source.ts';
import type { RuleId } from '../core/vocabulary/ids.ts';
import { nearest } from '../core/vocabulary/nearest.ts';
import { shown } from '../core/vocabulary/shown.ts';
import { type Backtest, backtest } from '../local/backtest.ts';
import { dataFormats } from '../local/files/data-file.ts';
import { heldInStore, heldOutside } from '../local/held-history.ts';
import { environmentSecrets } from '../local/ports.ts';
import { readRecords } from '../local/read-records.ts';
import { readWindowsFile } from '../local/read-windows.ts';
import { StartError } from '../local/start-error.ts';
import { writeText } from '../local/write-files.ts';
import { detailText, type Judged, jsonOf, scoreTable } from './backtest-text.ts';
import { openStore } from './client/store-client.ts';
import { type ConfigOptions, configOrThrow, withConfigOptions } from './config-options.ts';
import { durationLike } from './duration-option.ts';

type Options = ConfigOptions & {
  data?: string;
  source?: boolean;
  store: string;
  windows?: string;
  since?: number;
  compare?: string;
  json?: boolean;
  svg?: string;
};

export function backtestCommand(): Command {
  return withConfigOptions(new Command('backtest'))
    .argument('<rule>', 'name of a rule of the config')
    .description('replay recorded data, or what the source holds, against one rule, and score what it would have paged')
    .option('--data <file>', `recorded data: ${dataFormats}, the text ones gzipped or not`)
    .option('--source', 'what the source of the rule holds: CloudWatch is asked, and records are those of a store')
    .option('--store <file>', 'the store for --source', '.tocsin/tocsin.sqlite')
    .option('--windows <file>', 'when something was really wrong: .json or .csv with from, to and optionally label')
    .option(
      '--since <duration>',
      'score only the end of the data, such as 30d; earlier data fills the baselines; default for --source: 30d',
      durationLike('12h or 30d'),
    )
    .option('--compare <config>', 'folder or file of another config with the same rule, for comparison')
    .option('--json', 'everything as one JSON object')
    .option('--svg <file>', 'write the plot as an SVG file')
    .addHelpText('after', '\nPages nobody. docs/backtest.md explains the figures.')
    .action(run);
}

async function run(ruleId: RuleId, options: Options, command: Command): Promise<void> {
  if ((options.data === undefined) === (options.source !== true))
    command.error(
      "error: expected '--data <file>' for recorded data, or '--source' for what the source of the rule holds; one of them",
    );
  const { config } = configOrThrow(options);
  const rule = ruleOf(config, ruleId, options.config);
  const other = options.compare === undefined ? undefined : configOrThrow({ ...options, config: options.compare }).config;
  const otherRule = other === undefined ? undefined : ruleOf(other, ruleId, options.compare as string);
  const windows = options.windows === undefined ? undefined : await readWindowsFile(options.windows, options.data ?? '');

  const judge = async (name: string, of: Config, one: Rule): Promise<Judged> => {
    const { given, close } = await givenBy(options, of, ruleId, one);
    const bar = process.stderr.isTTY
      ? new SingleBar({ stream: process.stderr, clearOnComplete: true, format: `${name} {bar} {percentage}%` })
      : undefined;
    bar?.start(1, 0);
    const onProgress = (share: number): void => bar?.update(share);
    const history = await backtest({ config: of, ruleId, rule: one, given, since: options.since, onProgress }).finally(close);
    bar?.stop();
    if (options.source && isAsking(one) && history.series.length === 0)
      throw new StartError(`the source ${one.source} holds nothing that ${ruleId} asks for`);
    return { name, history, score: scoreOf(history, windows) };
  };
  const own = await judge('this rule', config, rule);
  const compared = other === undefined || otherRule === undefined ? undefined : await judge('compared', other, otherRule);
  const raw = hasEvidence(rule) ? await judge('plain threshold', config, rawRule(rule)) : undefined;
  const all = [own, compared, raw].filter((one) => one !== undefined);

  const plot = plotOf(rule.title ?? ruleId, all, windows);
  if (options.svg !== undefined) writeText(options.svg, svgOf(plot));
  const { stdout } = process;
  if (options.json) {
    stdout.write(`${JSON.stringify({ rule: ruleId, data: options.data ?? 'source', results: all.map(jsonOf) }, null, 2)}\n`);
    return;
  }
  const width = Math.min(100, Math.max(40, (stdout.columns ?? 96) - 24));
  stdout.write(`${textPlot(plot, width, 12)}\n${scoreTable(all)}\n${detailText(own, raw)}`);
  if (own.history.series.length > 1)
    stdout.write(`The plot shows one of ${own.history.series.length} series; the figures cover all of them.\n`);
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

/** Comparing is pointless for a rule that is already a plain threshold. */
const hasEvidence = (rule: Rule): boolean =>
  isAsking(rule) && countsPoints(rule) && JSON.stringify(rawRule(rule)) !== JSON.stringify(rule);

function ruleOf(config: Config, id: string, path: string): Rule {
  const rule = Object.hasOwn(config.rules, id) ? config.rules[id] : undefined;
  if (rule === undefined) {
    const near = nearest(id, Object.keys(config.rules));
    const hint = near === undefined ? `it has ${Object.keys(config.rules).join(', ')}` : `did you mean ${near}?`;
    throw new StartError(`the config at ${path} has no rule ${shown(id)}; ${hint}`);
  }
  return rule;
}

type Given = { given: Backtest['given']; close?: () => Promise<void> };

async function givenBy(options: Options, config: Config, ruleId: RuleId, rule: Rule): Promise<Given> {
  const rules = {
    ...Object.fromEntries([...rulesBehind(config.rules, rule)].map((id) => [id, config.rules[id] as Rule])),
    [ruleId]: rule,
  };
  const names = [...new Set(Object.values(rules).flatMap((one) => sourceNameOf(one) ?? []))];
  const [name, ...others] = names;
  if (name === undefined)
    throw new StartError(`${ruleId} names no rule that asks a source; name rules in it, and not only labels`);
  if (options.data !== undefined) {
    if (others.length > 0)
      throw new StartError(`a file can stand for one source; the rules behind ${ruleId} ask ${names.join(' and ')}`);
    return { given: { source: name, records: await recordsOf(options.data, config, name) } };
  }
  const outside = names.filter((one) => isOutside(config.sources[one]));
  if (outside.length > 0 && outside.length < names.length)
    throw new StartError(
      `the rules behind ${ruleId} query ${names.join(' and ')}; one backtest can use either outside sources or stored records, not both`,
    );
  const now = Math.floor(Date.now() / 60_000) * 60_000;
  const span = { from: now - (options.since ?? 30 * 86_400_000), to: now };
  if (outside.length > 0)
    return {
      given: await heldOutside(
        outsideSources({
          config,
          secrets: environmentSecrets(),
          traceparent: () => undefined,
          write: () => {},
          colors: false,
        }),
        config,
        rules,
        span,
      ),
    };
  const store = openStore({ path: options.store, readOnly: true });
  return { given: heldInStore(store, span), close: () => store.close() };
}

async function recordsOf(file: string, config: Config, name: string) {
  const source = config.sources[name];
  if (!isStored(source))
    throw new StartError(
      `a file can stand for a source of predictions or samples; ${name} is one of ${source?.kind}; ask it with --source`,
    );
  const { records, rejected } = await readRecords(file, source);
  const [first] = rejected;
  if (records.length === 0)
    throw new StartError(
      `${file} has no record that can be read${first === undefined ? '' : `; the first, ${first.place}, is refused: ${first.reason}`}`,
    );
  if (first !== undefined)
    process.stderr.write(
      `${rejected.length === 1 ? '1 record was' : `${rejected.length} records were`} refused (the first, ${first.place}: ${first.reason}).\n`,
    );
  return records;
}
