import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import type { PredictionsSourceConfig } from '../core/telemetry/sources/kinds/predictions.ts';
import { predictionMetrics } from '../core/telemetry/sources/kinds/predictions-query.ts';
import { parseMetrics } from '../core/telemetry/training/posted.ts';
import { binning, type TrainingMetric } from '../core/telemetry/training/training.ts';
import { counted } from '../core/vocabulary/counted.ts';
import { describeLabels, formatPercent, formatUtc, formatValue } from '../core/vocabulary/format.ts';
import type { RuleId } from '../core/vocabulary/ids.ts';
import { oneLine } from '../core/vocabulary/printable.ts';
import type { Labels } from '../core/vocabulary/schema-parts.ts';
import { parseTimestamp } from '../core/vocabulary/timestamp.ts';
import { positiveDuration } from '../core/vocabulary/units.ts';
import { msOf } from '../http/api/dto/time.ts';
import type { TrainingDto } from '../http/api/dto/training.ts';
import { readTraining, type TrainingColumns } from '../local/read-training.ts';
import { StartError } from '../local/start-error.ts';
import { act } from './act.ts';
import { withClient } from './client/open-client.ts';
import { actorOf, type ClientOptions, me, withClientOptions } from './client/options.ts';
import { configOrThrow } from './config-options.ts';

const write = (line: string): void => void process.stdout.write(`${line}\n`);

export function baselineCommand(): Command {
  return new Command('baseline')
    .description('training data of model versions, which version is served, and what was accepted as normal since')
    .addCommand(pushCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(promoteCommand())
    .addCommand(acceptCommand())
    .addCommand(acceptedCommand());
}

type PushOptions = ClientOptions &
  TrainingColumns & {
    source?: string;
    modelVersion: string;
    dataset: string;
    trainedAt?: number;
    metric: Record<string, TrainingMetric>;
  };

function pushCommand(): Command {
  return withClientOptions(new Command('push'))
    .argument(
      '<file>',
      'training or validation rows: .csv, .parquet, .ndjson or .jsonl, the text ones gzipped or not; profiled here, only sums are sent',
    )
    .description('store profile and metrics of a training, with the version of its model')
    .requiredOption('--model-version <version>', 'the trained version')
    .requiredOption('--dataset <version>', 'dataset version')
    .option('--source <name>', 'source of predictions in the config; may be left out where there is one')
    .option('--trained-at <time>', 'the end of the training data, from which its age counts; by default now', timeOf)
    .option('--prediction <column>', "column with the prediction; by default the source's, or the one called prediction")
    .option('--score <column>', 'column with the score; likewise')
    .option('--label <column>', 'column with the true outcome; likewise; together with predictions, every metric is computed')
    .option('--ignore <columns>', 'columns that are not features, comma-separated', (text: string) => text.split(','))
    .option('--metric <name=value:count>', 'a metric computed elsewhere; may be repeated', metricsOf, {})
    .action(async (file: string, options: PushOptions) => {
      const [name, source] = sourceOf(options);
      const { rows, features, metrics, refused, rejected } = await readTraining(file, source, options);
      const [first] = rejected;
      if (first !== undefined)
        process.stderr.write(
          `${refused === 1 ? '1 row was' : `${refused} rows were`} refused; the first, ${first.place}: ${first.reason}\n`,
        );
      if (rows === 0) throw new StartError(`${file} has no usable row`);
      if (options.label !== undefined && Object.keys(metrics).length === 0)
        process.stderr.write(
          'No metric was computed: no row has a prediction beside its label; name the column with --prediction.\n',
        );
      const empty = Object.entries(features).flatMap(([feature, { count, nulls }]) => (nulls < count ? [] : feature));
      if (empty.length > 0)
        process.stderr.write(
          `No row has a value of ${empty.map(oneLine).join(', ')}: against this training, its drift is not judged. Check the names of the columns.\n`,
        );
      const { modelVersion, dataset, trainedAt } = options;
      const body = {
        version: modelVersion,
        dataset,
        metrics: { ...metrics, ...options.metric },
        profile: { binning, rows, features },
        ...(trainedAt === undefined ? {} : { trainedAt }),
      };
      await act(options, (client) => client.train(name, body));
    });
}

type ListOptions = ClientOptions & { source?: string; json?: boolean };

function listCommand(): Command {
  return withClientOptions(new Command('list'))
    .description('list stored trainings')
    .option('--source <name>', 'only of this source')
    .option('--json', 'as JSON lines')
    .action(async (options: ListOptions) => {
      const { trainings, serving } = await read(options);
      const found = trainings.filter(({ source }) => options.source === undefined || source === options.source);
      if (options.json) {
        for (const one of found) write(JSON.stringify(one));
        return;
      }
      if (found.length === 0) {
        process.stderr.write('No training; store one with: tocsin baseline push\n');
        return;
      }
      const head = ['source', 'version', 'dataset', 'data until', 'rows', 'features', 'metrics', 'serves'];
      const table = new Table({ head, style: { head: [], border: [] } });
      for (const { source, version, dataset, trainedAt, rows, features, metrics } of found) {
        const served = serving.find((one) => one.source === source && one.version === version);
        const since = served === undefined ? '' : `since ${formatUtc(msOf(served.since))}`;
        const cells = [source, version, dataset, formatUtc(msOf(trainedAt)), `${rows}`, `${Object.keys(features).length}`];
        table.push([...cells, `${Object.keys(metrics).length}`, since].map(oneLine));
      }
      write(table.toString());
    });
}

function showCommand(): Command {
  return withClientOptions(new Command('show'))
    .argument('<version>', 'version of the model')
    .description('show what a version was trained on')
    .option('--source <name>', 'of this source; optional if only one has this version')
    .option('--json', 'as one line of JSON')
    .action(async (version: string, options: ListOptions) => {
      const { trainings, serving } = await read(options);
      const [record, another] = trainings.filter(
        (one) => one.version === version && (options.source === undefined || one.source === options.source),
      );
      if (record === undefined) {
        process.stderr.write(`tocsin: no training of version ${version} is kept; list them with: tocsin baseline list\n`);
        process.exitCode = 1;
        return;
      }
      if (another !== undefined) throw new StartError(`several sources have a version ${version}: name one with --source`);
      if (options.json) {
        write(JSON.stringify(record));
        return;
      }
      const served = serving.find((one) => one.source === record.source && one.version === version);
      print(
        record,
        served === undefined
          ? 'is not served'
          : `is served since ${formatUtc(msOf(served.since))} (${served.how} by ${served.by})`,
      );
    });
}

function print(
  { source, version, dataset, trainedAt, rows, metrics, features, by, storedAt }: TrainingDto,
  serves: string,
): void {
  write(oneLine(`${source}  version ${version}  dataset ${dataset}  ${serves}`));
  write(
    oneLine(`${counted(rows, 'row')}, data until ${formatUtc(msOf(trainedAt))}; stored ${formatUtc(msOf(storedAt))} by ${by}\n`),
  );
  const scores = new Table({ head: ['metric', 'value', 'rows'], style: { head: [], border: [] } });
  for (const [name, { value, count }] of Object.entries(metrics)) scores.push([name, formatValue(value), String(count)]);
  if (scores.length > 0) write(scores.toString());
  const table = new Table({ head: ['feature', 'values', 'kind', 'nulls'], style: { head: [], border: [] } });
  for (const [name, { seen, nulls, kind }] of Object.entries(features)) {
    table.push([oneLine(name), String(seen - nulls), kind, seen === 0 ? '' : formatPercent(nulls / seen)]);
  }
  if (table.length > 0) write(table.toString());
}

function promoteCommand(): Command {
  return withClientOptions(new Command('promote'))
    .argument('<version>', 'version of the model')
    .description('say that a version serves from now on: rules with a training baseline compare with its training')
    .option('--source <name>', 'source of predictions in the config; may be left out where there is one')
    .option('--by <name>', 'who promotes it, for the audit log', me())
    .action(async (version: string, options: ClientOptions & { source?: string; by: string }) => {
      const [name] = sourceOf(options);
      await act(options, (client) => client.promote(name, version, options.by));
    });
}

type AcceptOptions = ClientOptions & { label: Labels; window?: number; by: string };

function acceptCommand(): Command {
  return withClientOptions(new Command('accept'))
    .argument('<rule>', 'a drift rule of which alerts fire')
    .argument('[why...]', 'a comment, for the audit log')
    .description('take what drifted features are like by now for their normal; their alerts end')
    .option('--label <name=value>', 'only alerts with this label, such as feature=price; may be repeated', labelOf, {})
    .option('--window <duration>', 'how far back the new normal looks, such as 7d; by default since the alerts began', durationOf)
    .option('--by <name>', 'who accepts it, for the audit log', actorOf, me())
    .action(async (rule: RuleId, why: string[], { label: match, window: windowMs, by: actor, ...options }: AcceptOptions) => {
      await act(options, (client) => client.accept({ rule, match, windowMs, comment: why.join(' '), actor }));
    });
}

function acceptedCommand(): Command {
  return withClientOptions(new Command('accepted'))
    .description('list what was accepted as the normal of drifted features')
    .option('--json', 'as JSON lines')
    .action(async (options: ListOptions) => {
      const { accepted } = await read(options);
      if (options.json) {
        for (const one of accepted) write(JSON.stringify(one));
        return;
      }
      if (accepted.length === 0) {
        process.stderr.write('Nobody has accepted a new normal. To accept one: tocsin baseline accept RULE\n');
        return;
      }
      const head = ['rule', 'series', 'normal since', 'until', 'values', 'accepted', 'by', 'why'];
      const table = new Table({ head, style: { head: [], border: [] } });
      for (const { rule, labels, from, to, values, at, by, comment } of accepted) {
        const span = [formatUtc(msOf(from)), formatUtc(msOf(to)), `${values}`, formatUtc(msOf(at))];
        table.push([rule, describeLabels(labels), ...span, by, comment].map(oneLine));
      }
      write(table.toString());
    });
}

function labelOf(text: string, known: Labels): Labels {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('expected NAME=VALUE, such as feature=price.');
  return { ...known, [text.slice(0, at)]: text.slice(at + 1) };
}

function durationOf(text: string): number {
  const parsed = positiveDuration.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('expected a duration such as 7d.');
  return parsed.data;
}

const read = (options: ListOptions) => withClient(options, (client) => client.trainings());

function sourceOf(options: ClientOptions & { source?: string }): [string, PredictionsSourceConfig] {
  const sources = Object.entries(configOrThrow(options).config.sources).flatMap(([name, source]) =>
    source.kind === 'predictions' ? [[name, source] as [string, PredictionsSourceConfig]] : [],
  );
  const found =
    options.source === undefined
      ? sources.length === 1
        ? sources[0]
        : undefined
      : sources.find(([name]) => name === options.source);
  if (found !== undefined) return found;
  const names = sources.map(([name]) => name).join(', ') || 'none is in the config';
  throw new StartError(`expected --source with a predictions source: ${names}`);
}

function timeOf(text: string): number {
  const at = parseTimestamp(text);
  if (at === undefined) throw new InvalidArgumentError('expected a time such as 2026-01-05 or 2026-01-05T09:00:00Z.');
  return at;
}

function metricsOf(text: string, known: Record<string, TrainingMetric>): Record<string, TrainingMetric> {
  const [, name = '', value, count] = /^(\w+)=([^:]+):(\d+)$/.exec(text) ?? [];
  if (value === undefined) throw new InvalidArgumentError('expected NAME=VALUE:COUNT, such as accuracy=0.83:4812.');
  if (!(predictionMetrics as readonly string[]).includes(name))
    throw new InvalidArgumentError(`expected a metric of predictions; received ${text}.`);
  const parsed = parseMetrics({ [name]: { value: Number(value), count: Number(count) } });
  if (!parsed.ok) throw new InvalidArgumentError(`${parsed.error}; received ${text}.`);
  return { ...known, ...parsed.metrics };
}
