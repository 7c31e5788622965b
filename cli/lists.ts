import Table from 'cli-table3';
import { Command } from 'commander';
import { onCallNow } from '../core/response/oncall/in-force.ts';
import { formatUtc } from '../core/vocabulary/format.ts';
import { oneLine } from '../core/vocabulary/printable.ts';
import { type ShiftDto, shiftDto } from '../http/api/dto/on-call.ts';
import { msOf } from '../http/api/dto/time.ts';
import type { Client } from './client/client.ts';
import { openClient, openClientIfAny } from './client/open-client.ts';
import { type ClientOptions, withClientOptions } from './client/options.ts';
import { configOrThrow } from './config-options.ts';
import { limitUpTo } from './limit.ts';

type Options = ClientOptions & { json?: boolean; limit?: number; before?: string };

/** Most entries of the audit log at once, as the API has it. */
const mostEntries = 10_000;

function onCallByConfig(options: Options): ShiftDto[] {
  const { config } = configOrThrow(options);
  process.stderr.write('No service answers and there is no store: this is what the config alone says.\n');
  return onCallNow(config, Date.now()).map(shiftDto);
}

const write = (line: string): void => void process.stdout.write(`${line}\n`);

export function silencesCommand(): Command {
  return listCommand('silences', 'list the silences that have not ended', 'No silence.', {
    read: async (client) => (await client.silences()).toSorted((a, b) => msOf(a.until) - msOf(b.until)),
    head: ['id', 'alerts with', 'until', 'who', 'why'],
    row: ({ id, match, until, by, comment }) => [id, match.join(', '), formatUtc(msOf(until)), by, comment],
  });
}

export function onCallCommand(): Command {
  return listCommand('oncall', 'who is on call now, until when, and who is next', 'The config has no schedule.', {
    read: async (client) => (await client.oncall()).oncall,
    otherwise: onCallByConfig,
    head: ['schedule', 'on call', 'until', 'then', 'why'],
    row: (shift) => [shift.schedule, shift.responder, formatUtc(msOf(shift.until)), shift.next, whyOf(shift)],
  });
}

/** Why it is not the person from the rotation; empty if it is. */
function whyOf({ namedBy, override }: ShiftDto): string {
  if (override !== undefined) return `${override.id} by ${override.by}: ${override.comment}`;
  return namedBy === 'rotation' ? '' : 'an override of the config';
}

export function auditLogCommand(): Command {
  const command = listCommand(
    'audit-log',
    'who did what outside incidents: silences, overrides, refused actions, changes of the config (for an incident: show)',
    'Nothing yet.',
    {
      read: async (client, { limit, before }) => {
        const { entries, older } = await client.auditLog(limit ?? 1000, before);
        if (older !== undefined) process.stderr.write(`There are older entries: tocsin audit-log --before ${older}\n`);
        return entries;
      },
      head: ['at', 'what', 'why', 'who'],
      row: ({ at, kind, text, actor }) => [formatUtc(msOf(at)), kind, text, actor],
    },
  );
  return command
    .option('--limit <number>', 'list at most this many entries, the newest ones', limitUpTo(mostEntries), 1000)
    .option('--before <cursor>', 'entries before one, as an earlier answer names it')
    .addHelpText('after', '\nEntries are kept for 400 days.');
}

type List<T> = {
  read: (client: Client, options: Options) => Promise<T[]>;
  /** What can be listed without service and store, if neither was named. */
  otherwise?: (options: Options) => T[];
  head: string[];
  row: (one: T) => string[];
};

function listCommand<T>(name: string, description: string, none: string, { read, otherwise, head, row }: List<T>): Command {
  return withClientOptions(new Command(name))
    .description(description)
    .option('--json', 'as JSON lines')
    .action(async (options: Options) => {
      const client = otherwise === undefined ? await openClient(options) : await openClientIfAny(options);
      try {
        const found = client === undefined ? (otherwise?.(options) ?? []) : await read(client, options);
        if (options.json) {
          for (const one of found) write(JSON.stringify(one));
          return;
        }
        if (found.length === 0) {
          process.stderr.write(`${none}\n`);
          return;
        }
        const table = new Table({ head, style: { head: [], border: [] } });
        // Comments and labels come from outside, and must not move the cursor.
        for (const one of found) table.push(row(one).map(oneLine));
        write(table.toString());
      } finally {
        await client?.close();
      }
    });
}
