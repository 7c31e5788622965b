import Table from 'cli-table3';
import { Command, InvalidArgumentError, Option } from 'commander';
import { changeKinds } from '../core/telemetry/changes/change.ts';
import { formatUtc } from '../core/vocabulary/format.ts';
import { oneLine } from '../core/vocabulary/printable.ts';
import type { Labels } from '../core/vocabulary/schema-parts.ts';
import { msOf } from '../http/api/dto/time.ts';
import { act } from './act.ts';
import { openClient } from './client/open-client.ts';
import { type ClientOptions, withClientOptions } from './client/options.ts';
import { limitUpTo } from './limit.ts';

/** Labels that have an option of their own, with what it says. */
const named = {
  model: 'the model that was changed',
  service: 'the service',
  deployment: 'the deployment',
  dataset: 'the data set',
  featureSet: 'the feature set',
  flag: 'the flag',
  environment: 'where',
} as const;
type Named = keyof typeof named;

type ChangeOptions = ClientOptions &
  Partial<Record<Named, string>> & {
    kind: string;
    label: Labels;
    version?: string;
    previousVersion?: string;
    summary?: string;
    by?: string;
    at?: string;
    link?: string;
    id?: string;
  };

const labelOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const optionOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export function changeCommand(): Command {
  const command = withClientOptions(new Command('change'))
    .description(
      'tell of something that was deployed, switched or altered (an ingest key with the scope changes in TOCSIN_INGEST_KEY)',
    )
    .addOption(new Option('--kind <kind>', 'what sort of change').choices([...changeKinds]).makeOptionMandatory());
  for (const [name, text] of Object.entries(named)) command.option(`--${optionOf(name)} <name>`, text);
  return command
    .option('--label <name=value>', 'a label that says what was changed, as alerts name it; may be repeated', labelsOf, {})
    .option('--version <version>', 'the version, or value of a flag, since then')
    .option('--previous-version <version>', 'the one before')
    .option('--summary <text>', 'one line of your own')
    .option('--by <name>', 'who did it; by default the sender')
    .option('--at <time>', 'when; by default now')
    .option('--link <url>', 'such as of the run that deployed it')
    .option('--id <id>', 'told again under the same id, it counts once')
    .action(async (options: ChangeOptions) => {
      const { kind, label, version, previousVersion, summary, by, at: timestamp, link, id } = options;
      const own = Object.keys(named).flatMap((name) => {
        const value = options[name as Named];
        return value === undefined ? [] : [[labelOf(name), value] as const];
      });
      const labels = { ...label, ...Object.fromEntries(own) };
      await act(options, (client) => client.change({ kind, labels, version, previousVersion, summary, by, timestamp, link, id }));
    });
}

function labelsOf(text: string, before: Labels): Labels {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError('Expected a label such as dataset=orders.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

type ListOptions = ClientOptions & {
  json?: boolean;
  limit: number;
  kind?: string;
  match?: string;
  q?: string;
  from?: string;
  to?: string;
};

export function changesCommand(): Command {
  return withClientOptions(new Command('changes'))
    .description('what others said was deployed, switched or altered, the newest first')
    .option('--kind <kinds>', `of ${changeKinds.join(', ')}, comma-separated`)
    .option('--match <matchers>', 'matchers of labels: model="churn"')
    .option('--q <words>', 'words in its text, versions, labels, or who did it')
    .option('--from <time>', 'from this time on')
    .option('--to <time>', 'before this time')
    .option('--limit <number>', 'list at most this many', limitUpTo(1000), 100)
    .option('--json', 'as JSON lines')
    .action(async ({ json, limit, kind, match, q, from, to, ...options }: ListOptions) => {
      const client = await openClient(options);
      try {
        const asked = Object.entries({ kind, match, q, from, to }).filter((one): one is [string, string] => one[1] !== undefined);
        const { changes } = await client.changes({ limit: String(limit), ...Object.fromEntries(asked) });
        if (json) {
          for (const one of changes) process.stdout.write(`${JSON.stringify(one)}\n`);
          return;
        }
        if (changes.length === 0) {
          process.stderr.write('No change; tell of one with: tocsin change\n');
          return;
        }
        const table = new Table({ head: ['at', 'kind', 'what', 'by', 'incidents'], style: { head: [], border: [] } });
        for (const { at, kind, text, by, incidents } of changes)
          table.push([formatUtc(msOf(at)), kind, text, by, incidents.map(({ id }) => id).join(' ')].map(oneLine));
        process.stdout.write(`${table.toString()}\n`);
      } finally {
        await client.close();
      }
    });
}
