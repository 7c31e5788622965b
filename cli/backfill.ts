import { createHash } from 'node:crypto';
import { Command } from 'commander';
import type { Config } from '../core/config/schema.ts';
import type { SourceOf, StoredKind } from '../core/telemetry/sources/source.ts';
import { isStored } from '../core/telemetry/sources/source.ts';
import { counted } from '../core/vocabulary/counted.ts';
import { type FileRecord, readRecords } from '../local/read-records.ts';
import { StartError } from '../local/start-error.ts';
import { serviceAddress } from './client/open-client.ts';
import { type Batch, type Sent, senderTo } from './client/sender.ts';
import { type ConfigOptions, configOrThrow, withConfigOptions } from './config-options.ts';

type Options = ConfigOptions & { source?: string; url?: string };

/**
 * Records of one kind per batch. Fixed, so that a file that grew sends its earlier batches again
 * under the same keys.
 */
const recordsABatch = 2000;

const paths = { prediction: '/v1/predictions', label: '/v1/labels', sample: '/v1/samples' } as const;

export function backfillCommand(): Command {
  return withConfigOptions(new Command('backfill'))
    .argument('<file>', 'recorded predictions, labels or samples: .csv, .parquet, .ndjson, .jsonl or .json')
    .description('send history to a running service, for baselines and counts; nobody is paged for the past')
    .option('--source <name>', 'the source of the config that the file is of; the only one when left out')
    .option('--url <url>', 'a running service; by default TOCSIN_URL or settings.publicUrl')
    .addHelpText(
      'after',
      '\nThe same file counts once, however often it is sent. The service refuses records that are older than `retain` of the source; the last line says how many. docs/backfill.md says more.',
    )
    .action(backfill);
}

async function backfill(file: string, options: Options): Promise<void> {
  const { config } = configOrThrow(options);
  const [name, source] = sourceOf(config, options.source);
  const { records, rejected } = await readRecords(file, source);
  const unread = rejected[0];
  if (unread !== undefined) {
    process.stderr.write(
      `${counted(rejected.length, 'record')} of ${file} cannot be read; the first, ${unread.place}: ${unread.reason}\n`,
    );
    process.exitCode = 1;
  }
  if (records.length === 0) throw new StartError(`${file} holds no record that can be sent`);
  const send = senderTo(serviceAddress(options));
  const total: Sent = { accepted: 0, duplicates: 0, rejected: 0 };
  for (const batch of batchesOf(name, records)) {
    const sent = await send(batch);
    total.accepted += sent.accepted;
    total.duplicates += sent.duplicates;
    total.rejected += sent.rejected;
    total.reason ??= sent.reason;
  }
  process.stdout.write(
    `${counted(total.accepted, 'record')} accepted, ${total.duplicates} known before, ${total.rejected} refused.\n`,
  );
  if (total.reason !== undefined) process.stderr.write(`the first that was refused: ${total.reason}\n`);
  if (total.accepted + total.duplicates === 0) process.exitCode = 1;
}

/**
 * Predictions before the labels that name them, each kind in the order of the file. A batch has the
 * key of its content, so that it counts once, also when a file is sent again.
 */
export function batchesOf(source: string, records: readonly FileRecord[]): Batch[] {
  return (['prediction', 'sample', 'label'] as const).flatMap((kind) => {
    const own = records.filter((one) => one.kind === kind).map(({ record }) => record);
    return Array.from({ length: Math.ceil(own.length / recordsABatch) }, (_, n) => {
      const body = JSON.stringify(own.slice(n * recordsABatch, (n + 1) * recordsABatch));
      const digest = createHash('sha256').update(`${source}\n${n}\n${body}`).digest('hex');
      return { path: paths[kind], source, key: `backfill-${digest}`, body };
    });
  });
}

function sourceOf({ sources }: Config, named: string | undefined): [string, SourceOf<StoredKind>] {
  const stored = Object.entries(sources).flatMap(([name, source]) =>
    isStored(source) ? [[name, source] as [string, SourceOf<StoredKind>]] : [],
  );
  const found = named === undefined ? (stored.length === 1 ? stored[0] : undefined) : stored.find(([name]) => name === named);
  if (found !== undefined) return found;
  const names = stored.map(([name]) => name).join(', ') || 'none is in the config';
  throw new StartError(`expected --source with a source that records are sent to: ${names}`);
}
