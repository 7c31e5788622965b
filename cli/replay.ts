import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { isStored } from '../core/telemetry/sources/source.ts';
import { counted } from '../core/vocabulary/counted.ts';
import { shown } from '../core/vocabulary/shown.ts';
import { dataFormats } from '../local/files/data-file.ts';
import { auditNarrator, narrator } from '../local/narrate.ts';
import { readRecords } from '../local/read-records.ts';
import { replay } from '../local/replay.ts';
import { StartError } from '../local/start-error.ts';
import { type ConfigOptions, configOrThrow, withConfigOptions } from './config-options.ts';

type Options = ConfigOptions & { json?: boolean; source?: string };

export function replayCommand(): Command {
  return withConfigOptions(new Command('replay'))
    .argument('<file>', `recorded predictions or samples: ${dataFormats}, the text ones gzipped or not`)
    .description('run the rules over recorded data on a virtual clock; pages nobody')
    .option('--source <name>', 'the source of the config that the file is of; the only one when left out')
    .option('--json', 'every timeline entry as a JSON line')
    .addHelpText('after', '\nThe same file and config give the same timeline, byte for byte.')
    .action(run);
}

async function run(file: string, options: Options): Promise<void> {
  const { config } = configOrThrow(options);
  const names = Object.entries(config.sources).flatMap(([name, source]) => (isStored(source) ? [name] : []));
  const name = options.source ?? (names.length === 1 ? names[0] : undefined);
  const source = name !== undefined && names.includes(name) ? config.sources[name] : undefined;
  if (name === undefined || source === undefined || !isStored(source)) {
    if (names.length === 0) throw new StartError('the config has no source of predictions or samples that a file could replace');
    const received = options.source === undefined ? '' : `; received ${shown(options.source)}`;
    throw new StartError(`name the source that the file replaces with --source: ${names.join(', ')}${received}`);
  }
  const { records, rejected } = await readRecords(file, source);
  if (records.length === 0)
    throw new StartError(
      `${file} has no record that can be read${rejected[0] === undefined ? '' : `; the first, ${rejected[0].place}, is refused: ${rejected[0].reason}`}`,
    );

  const write = (line: string): void => void process.stdout.write(`${line}\n`);
  const asLines = (entries: readonly object[]): void => {
    for (const entry of entries) write(JSON.stringify(entry));
  };
  const bar = process.stderr.isTTY
    ? new SingleBar({ stream: process.stderr, clearOnComplete: true, format: 'replaying {bar} {percentage}%' })
    : undefined;
  const hidden: string[] = [];
  bar?.start(1, 0);
  const colors = process.stdout.isTTY === true;
  // While a progress bar uses the terminal, lines wait until it is done.
  const tell = bar === undefined ? write : (line: string) => void hidden.push(line);
  const report = await replay({
    config,
    source: name,
    records,
    observe: options.json ? asLines : narrator({ write: tell, colors }),
    observeAudit: options.json ? asLines : auditNarrator({ write: tell, colors }),
    onProgress: (share) => bar?.update(share),
  });
  bar?.stop();
  for (const line of hidden) write(line);

  const incidents = await report.ports.store.incidents({ status: 'all', limit: 1000 });
  await report.ports.store.close();
  const open = incidents.filter(({ status }) => status !== 'resolved').length;
  const refused = rejected.length + report.rejected;
  const notes = [
    `${counted(report.accepted, 'record')} from ${new Date(report.from).toISOString()} to ${new Date(report.to).toISOString()}`,
    ...(report.unmatched > 0 ? [`${report.unmatched} labels before their prediction, or without one`] : []),
    ...(report.duplicates > 0 ? [`${report.duplicates} duplicates`] : []),
    ...(refused > 0
      ? [`${refused} refused${rejected[0] === undefined ? '' : ` (the first, ${rejected[0].place}: ${rejected[0].reason})`}`]
      : []),
    `${counted(incidents.length, 'incident')}, ${incidents.filter(({ worst }) => worst === 'critical').length} of them critical, ${open} open at the end`,
  ];
  process.stderr.write(`${notes.join('; ')}.\n`);
}
