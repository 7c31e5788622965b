import { Command, InvalidArgumentError } from 'commander';
import { oneLine } from '../core/vocabulary/printable.ts';
import { timeZone } from '../core/vocabulary/schema-parts.ts';
import { parseDuration } from '../core/vocabulary/units.ts';
import { withClient } from './client/open-client.ts';
import { type ClientOptions, withClientOptions } from './client/options.ts';

type Options = ClientOptions & { since: string; timezone: string; json?: boolean };
const longestMs = 31 * 86_400_000;

export function digestCommand(): Command {
  return withClientOptions(new Command('digest'))
    .description(
      'what happened since a while ago: incidents, info, pages and broken nights per person, what is muted or not judged',
    )
    .option('--since <duration>', 'how far back, at most 31d', sinceOf, '7d')
    .option('--timezone <zone>', 'where it is night from 22:00 to 7:00', zoneOf, 'UTC')
    .option('--json', 'as one JSON document')
    .action((options: Options) =>
      withClient(options, async (client) => {
        const digest = await client.digest(options.since, options.timezone);
        const lines = options.json ? [JSON.stringify(digest)] : digest.lines.map((line) => `${indentOf(line)}${oneLine(line)}`);
        process.stdout.write(`${lines.join('\n')}\n`);
      }),
    );
}

const indentOf = (line: string): string => (line.startsWith('  ') ? '  ' : '');

function sinceOf(text: string): string {
  const ms = parseDuration(text);
  if (ms === undefined || ms === 0 || ms > longestMs)
    throw new InvalidArgumentError('expected a duration of up to 31d, such as 7d.');
  return text;
}

function zoneOf(text: string): string {
  if (!timeZone.safeParse(text).success) throw new InvalidArgumentError('expected an IANA time zone, such as Europe/Berlin.');
  return text;
}
