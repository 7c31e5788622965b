import Table from 'cli-table3';
import { Command } from 'commander';
import { formatUtc } from '../core/vocabulary/format.ts';
import { oneLine } from '../core/vocabulary/printable.ts';
import { formatDuration } from '../core/vocabulary/units.ts';
import type { LabelRecordDto, SourceLabelsDto } from '../http/api/dto/labels.ts';
import { msOf } from '../http/api/dto/time.ts';
import { unknownLabel } from '../http/api/labels.ts';
import { withClient } from './client/open-client.ts';
import { type ClientOptions, withClientOptions } from './client/options.ts';

type Options = ClientOptions & { id?: string; source?: string; json?: boolean };

const write = (line: string): void => void process.stdout.write(`${line}\n`);

export function labelsCommand(): Command {
  return withClientOptions(new Command('labels'))
    .description('what became of the labels of each model in the last seven days; with --id, of one prediction')
    .option('--id <id>', 'the id of one prediction: its label, and those that it replaced')
    .option('--source <name>', 'its source; needed with --id')
    .option('--json', 'as JSON lines')
    .action((options: Options, command: Command) => {
      const { id, source } = options;
      if (id === undefined && source !== undefined) command.error('--source names the source of --id; give both, or neither');
      if (id === undefined) return listed(options);
      if (source === undefined) return command.error('--id needs --source, the source of the prediction');
      return shownOne(options, source, id);
    });
}

const listed = (options: Options): Promise<void> =>
  withClient(options, async (client) => {
    const sources = await client.labels();
    if (options.json) {
      for (const one of sources) write(JSON.stringify(one));
      return;
    }
    if (sources.length === 0) {
      process.stderr.write('The config has no source of predictions.\n');
      return;
    }
    const head = ['source', 'predictions', 'labelled', 'labels came', 'mean delay', 'unmatched', 'corrected'];
    const table = new Table({ head, style: { head: [], border: [] } });
    for (const one of sources) table.push(rowOf(one));
    write(table.toString());
  });

function rowOf({ source, predictions, labelled, first, meanDelayMs, unmatched, corrected }: SourceLabelsDto): string[] {
  const share = predictions === 0 ? '' : ` (${Math.min(100, Math.round((labelled / predictions) * 100))}%)`;
  const came = first + unmatched + corrected;
  const delay = meanDelayMs === undefined ? '' : formatDuration(Math.round(meanDelayMs / 1000) * 1000);
  return [oneLine(source), `${predictions}`, `${labelled}${share}`, `${came}`, delay, `${unmatched}`, `${corrected}`];
}

const shownOne = (options: Options, source: string, id: string): Promise<void> =>
  withClient(options, async (client) => {
    const found = await client.label(source, id);
    if (found === undefined) {
      process.stderr.write(`tocsin: ${unknownLabel(source, id)}\n`);
      process.exitCode = 1;
      return;
    }
    if (options.json) write(JSON.stringify(found));
    else for (const line of linesOf(found)) write(line);
  });

function* linesOf({ prediction, madeAt, label, labelAt, replaced, until }: LabelRecordDto): Generator<string> {
  const of = (time: string | undefined): string => (time === undefined ? '' : ` of ${formatUtc(msOf(time))}`);
  yield prediction === undefined ? 'prediction  not known yet' : `prediction  ${oneLine(prediction)}${of(madeAt)}`;
  yield label === undefined ? 'label       none yet' : `label       ${oneLine(label)}${of(labelAt)}`;
  for (const one of replaced) yield `            was ${oneLine(one.label)} until ${formatUtc(msOf(one.at))}`;
  yield `remembered until ${formatUtc(msOf(until))}`;
}
