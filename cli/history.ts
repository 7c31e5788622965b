import { Command } from 'commander';
import { breachStrip } from '../core/charts/breach-strip.ts';
import { textPlot } from '../core/charts/text.ts';
import { counted } from '../core/vocabulary/counted.ts';
import { describeLabels, formatUtc, formatValue } from '../core/vocabulary/format.ts';
import { oneLine } from '../core/vocabulary/printable.ts';
import type { HistoryDto } from '../http/api/dto/history.ts';
import { msOf } from '../http/api/dto/time.ts';
import { withClient } from './client/open-client.ts';
import { type ClientOptions, withClientOptions } from './client/options.ts';
import { durationLike } from './duration-option.ts';

type Options = ClientOptions & { json?: boolean; since: number; series?: string };
type Entry = HistoryDto['entries'][number];

const write = (line: string): void => void process.stdout.write(`${line}\n`);
const day = 86_400_000;
/** Changes of status that are listed below the plot. */
const mostChanges = 20;

export function historyCommand(): Command {
  return withClientOptions(new Command('history'))
    .argument('<rule>', 'id of a rule')
    .description('what was found of a series of a rule over time: its values, bounds and verdicts')
    .option('--since <duration>', 'how far back, such as 6h or 14d', durationLike('6h or 14d'), day)
    .option('--series <fingerprint>', 'which series; those of a rule are listed below the plot')
    .option('--json', 'as one JSON document')
    .action((rule: string, options: Options) =>
      withClient(options, async (client) => {
        const to = Date.now();
        const ask = { series: options.series, from: to - options.since, to, most: options.json ? 2000 : 400 };
        const found = await client.history(rule, ask);
        if ('error' in found) {
          process.stderr.write(`tocsin: ${oneLine(found.error)}\n`);
          process.exitCode = 1;
        } else if (options.json) write(JSON.stringify(found));
        else show(found);
      }),
    );
}

function show({ rule, from, to, of, series, entries }: HistoryDto): void {
  const one = series.find(({ fingerprint }) => fingerprint === of);
  if (of === undefined || one === undefined || entries.length === 0) {
    write(`${oneLine(rule)} has not been judged since ${formatUtc(msOf(from))}; tocsin why ${oneLine(rule)} says why`);
    return;
  }
  const judgements = entries.map(({ at, ...entry }) => ({ ...entry, at: msOf(at) }));
  const width = Math.min(100, Math.max(40, (process.stdout.columns ?? 96) - 24));
  const title = oneLine(`${rule} {${describeLabels(one.labels)}}`);
  const plot = { title, from: msOf(from), to: msOf(to), judgements, strips: [breachStrip(judgements, msOf(to))], windows: [] };
  write(textPlot(plot, width, 12));
  for (const line of changesOf(entries)) write(oneLine(line));
  if (series.length > 1) write(`${counted(series.length, 'series', 'series')}; another one by --series:`);
  if (series.length > 1)
    for (const { fingerprint, status, labels } of series)
      write(oneLine(`  ${fingerprint}  ${status}  {${describeLabels(labels)}}`));
}

/** The newest changes of status, oldest first. */
function changesOf(entries: readonly Entry[]): string[] {
  const changes = entries.filter(({ status }, place) => place === 0 || entries[place - 1]?.status !== status);
  return changes.slice(-mostChanges).map(({ at, status, value, reason }) => {
    const seen = value === undefined ? '' : `${formatValue(value)}: `;
    return `${formatUtc(msOf(at))}  ${status}  ${seen}${reason}`;
  });
}
