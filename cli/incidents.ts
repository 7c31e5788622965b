import Table from 'cli-table3';
import { Command, Option } from 'commander';
import { causeLines } from '../core/response/paging/describe.ts';
import { describeLabels, formatUtc } from '../core/vocabulary/format.ts';
import { oneLine } from '../core/vocabulary/printable.ts';
import { formatAge } from '../core/vocabulary/units.ts';
import type { AlertDto } from '../http/api/dto/alert.ts';
import type { IncidentDto } from '../http/api/dto/incident.ts';
import { msOf } from '../http/api/dto/time.ts';
import { entryLine } from '../local/narrate.ts';
import { withClient } from './client/open-client.ts';
import { type ClientOptions, withClientOptions } from './client/options.ts';
import { limitUpTo } from './limit.ts';

const write = (line: string): void => void process.stdout.write(`${line}\n`);

type ListOptions = ClientOptions & { status: 'open' | 'resolved' | 'all'; limit: number; synthetic?: boolean; json?: boolean };

export function incidentsCommand(): Command {
  return withClientOptions(new Command('incidents'))
    .description('list incidents, newest first')
    .addOption(new Option('--status <status>', 'which ones').choices(['open', 'resolved', 'all']).default('open'))
    .option('--limit <number>', 'most incidents to list', limitUpTo(1000), 50)
    .option('--synthetic', 'also the last synthetic incident, which is in no list otherwise')
    .option('--json', 'as JSON lines')
    .action((options: ListOptions) =>
      withClient(options, async (client) => {
        const { at, incidents } = await client.incidents(options.status, options.limit, options.synthetic);
        if (options.json) {
          for (const incident of incidents) write(JSON.stringify(incident));
          return;
        }
        if (incidents.length === 0) {
          process.stderr.write(
            options.status === 'all' ? 'No incident.\n' : `No ${options.status} incident; --status all lists every one.\n`,
          );
          return;
        }
        const table = new Table({ head: ['id', 'severity', 'status', 'since', 'for', 'title'], style: { head: [], border: [] } });
        for (const { id, worst, severity: current, status, since, title, resolvedAt, flapping } of incidents) {
          const severity = status === 'resolved' ? worst : current;
          table.push([
            id,
            severity,
            flapping === undefined ? status : `${status}, flapping`,
            formatUtc(msOf(since)),
            formatAge(Math.max(0, Math.round((msOf(resolvedAt ?? at) - msOf(since)) / 60_000) * 60_000)),
            oneLine(title),
          ]);
        }
        write(table.toString());
      }),
    );
}

const flappingLine = ({ text, endsAt }: NonNullable<IncidentDto['flapping']>): string =>
  `flapping: ${text}${endsAt === undefined ? '' : `; it stays open until ${formatUtc(msOf(endsAt))} or later, as long as alerts come and go`}`;

/** Its state, and what was judged last, with its time. */
function* alertLines({ title, severity, state, reason, judgedAt, unjudged, labels }: AlertDto): Generator<string> {
  yield `${state === 'firing' ? severity : state}: ${title} {${describeLabels(labels)}}`;
  const at = judgedAt === undefined || state === 'resolved' ? '' : ` (as of ${formatUtc(msOf(judgedAt))})`;
  yield `  ${reason}${at}`;
  if (unjudged !== undefined) yield `  not judged since ${formatUtc(msOf(unjudged.since))}: ${unjudged.reason}`;
}

export function showCommand(): Command {
  return withClientOptions(new Command('show'))
    .argument('<id>', 'incident id')
    .description('show one incident and its timeline')
    .option('--json', 'the incident, then each timeline entry, as JSON lines')
    .action((id: string, options: ClientOptions & { json?: boolean }) =>
      withClient(options, async (client) => {
        const found = await client.show(id);
        if (found === undefined) {
          process.stderr.write(`tocsin: there is no incident ${id}; list them with: tocsin incidents --status all\n`);
          process.exitCode = 1;
          return;
        }
        const { incident, timeline } = found;
        if (options.json) {
          for (const line of [incident, ...timeline]) write(JSON.stringify(line));
          return;
        }
        const by =
          incident.status === 'acknowledged'
            ? ` by ${incident.acknowledgedBy}`
            : incident.status === 'resolved'
              ? ` by ${incident.resolvedBy}: ${incident.resolveReason}`
              : '';
        write(`${incident.id}  ${incident.status === 'resolved' ? incident.worst : incident.severity}  ${incident.status}${by}`);
        write(oneLine(incident.title));
        if (incident.flapping !== undefined) write(flappingLine(incident.flapping));
        write(`since ${formatUtc(msOf(incident.since))}; ${incident.category}; runbook ${incident.alerts[0]?.runbook ?? 'none'}`);
        for (const alert of incident.alerts) for (const line of alertLines(alert)) write(oneLine(line));
        for (const line of causeLines(incident.causes)) write(oneLine(line));
        for (const { id: other, title, why } of incident.related) write(oneLine(`Related to ${other} (${title}): ${why}`));
        write('');
        const line = entryLine(process.stdout.isTTY === true);
        for (const entry of timeline) write(line({ ...entry, at: msOf(entry.at) }));
      }),
    );
}
