import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import type { AlertIntake } from '../core/alerting/intakes/alert-intake.ts';
import type { CheckCounts } from '../core/alerting/intakes/checks/check-result.ts';
import { dbtTrimmed } from '../core/alerting/intakes/dbt-trimmed.ts';
import { intakeNames, intakeOf } from '../core/alerting/intakes/intake.ts';
import type { IntakeOptions } from '../core/alerting/intakes/intake-options.ts';
import { counted } from '../core/vocabulary/counted.ts';
import { oneLine } from '../core/vocabulary/printable.ts';
import { alertsRefusedSchema, alertsTakenSchema } from '../http/openapi/wire/alerts.ts';
import { StartError } from '../local/start-error.ts';
import { serviceAddress } from './client/open-client.ts';
import { post } from './client/sender.ts';
import { type ConfigOptions, withConfigOptions } from './config-options.ts';

type Options = ConfigOptions &
  IntakeOptions & { format: string; source?: string; manifest?: string; url?: string; dryRun?: boolean };

export function ingestCommand(): Command {
  return withConfigOptions(new Command('ingest'))
    .argument(
      '<file>',
      'results of checks, or alerts, as another system writes them: JSON, or one document a line; - is standard input',
    )
    .description('send results of checks of data and models to a running service: what fails fires, what passes resolves')
    .addOption(new Option('--format <name>', 'what wrote the file').choices([...intakeNames]).makeOptionMandatory())
    .option('--source <name>', 'the source of alerts in the config; the only one when left out')
    .option('--dataset <name>', 'what was checked, where the file does not say: Evidently, and describe() of Great Expectations')
    .option('--model <name>', 'the model that was checked, for a report of Evidently')
    .option('--manifest <file>', 'manifest.json of a dbt project: tables, columns and owners; by default the one beside the file')
    .option('--dry-run', 'say what would fire and resolve, and send nothing')
    .option('--url <url>', 'a running service; by default TOCSIN_URL or settings.publicUrl')
    .addHelpText('after', '\nEnds with 1 if something was refused; a check that fails is no error. docs/checks.md says more.')
    .action(ingest);
}

async function ingest(file: string, options: Options, command: Command): Promise<void> {
  const { format, dryRun = false } = options;
  if (options.manifest !== undefined && format !== 'dbt') command.error('--manifest goes with --format dbt');
  const intake = intakeOf(format);
  if (intake === undefined) throw new TypeError(`no reader of ${format}`);
  const sent = documentsIn(file, file === '-' ? await textOf(process.stdin) : await textIn(file));
  const documents = format === 'dbt' ? await withManifest(sent, file, options.manifest) : sent;
  const isRead = readable(file, intake, documents, options);
  if (dryRun) {
    for (const line of isRead) process.stdout.write(`${oneLine(line)}\n`);
    return;
  }
  const query = new URLSearchParams();
  for (const name of ['source', 'dataset', 'model'] as const) {
    const value = options[name];
    if (value !== undefined) query.set(name, value);
  }
  const base = serviceAddress(options);
  const body = documents.map((document) => JSON.stringify(document)).join('\n');
  const type = documents.length === 1 ? 'application/json' : 'application/x-ndjson';
  told(base, await post(base, `/v1/alerts/${format}?${query}`, body, { 'Content-Type': type }));
}

const textIn = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((cause: Error) => {
    throw new StartError(`${file} cannot be read: ${cause.message}`, { cause });
  });

/** One document, or one a line. */
function documentsIn(file: string, text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch (whole) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    try {
      if (lines.length > 1) return lines.map((line): unknown => JSON.parse(line));
    } catch {
      // The fault of the whole says more.
    }
    throw new StartError(`${file} is no JSON: ${(whole as Error).message}`, { cause: whole });
  }
}

/** The manifest that dbt writes beside its results says what they are about. */
async function withManifest(documents: readonly unknown[], file: string, named: string | undefined): Promise<unknown[]> {
  const beside = join(dirname(file), 'manifest.json');
  const path = named ?? (file !== '-' && existsSync(beside) ? beside : undefined);
  if (path === undefined) {
    process.stderr.write(
      'No manifest.json: tests are named as dbt names them, without tables, columns and owners. Name it with --manifest.\n',
    );
    return [...documents];
  }
  const [manifest] = documentsIn(path, await textIn(path));
  return documents.map((document) => dbtTrimmed(document, manifest));
}

/**
 * A line for each alert that would fire or resolve. Throws StartError for what is of another
 * format.
 */
function readable(file: string, intake: AlertIntake, documents: readonly unknown[], options: IntakeOptions): string[] {
  return documents.flatMap((document) => {
    const read = intake.read(document, Date.now(), options);
    if (!read.ok) throw new StartError(`${file}: ${read.error}`);
    const lines = read.records.map(({ value: { labels, annotations, endsAt } }) =>
      endsAt === undefined
        ? `fires: ${annotations['summary'] ?? labels['alertname']}: ${annotations['description'] ?? ''}`
        : `resolves: ${namesOf(labels)}`,
    );
    return [...lines, ...read.rejected.map(({ index, reason }) => `refused: ${index}: ${reason}`)];
  });
}

const namesOf = ({ alertname, dataset, column }: Readonly<Record<string, string>>): string =>
  [alertname, [dataset, column].filter((part) => part !== undefined).join('.')].filter((part) => part !== '').join(' on ');

function told(base: string, { status, json }: { status: number; json: unknown }): void {
  const taken = alertsTakenSchema.safeParse(json);
  const refused = alertsRefusedSchema.safeParse(json);
  if (status === 200) {
    process.stdout.write(`${taken.success ? summary(taken.data) : 'Taken.'}\n`);
    return;
  }
  if (status !== 400 || !refused.success)
    throw new StartError(`${base} answers ${status}: ${JSON.stringify(json)?.slice(0, 500)}`);
  if ('error' in refused.data) throw new StartError(`${base}: ${refused.data.error}`);
  process.stdout.write(`${summary(refused.data)}\n`);
  for (const { index, reason } of refused.data.rejections.slice(0, 10))
    process.stderr.write(`refused, ${index}: ${oneLine(reason)}\n`);
  process.exitCode = 1;
}

type Answered = { accepted: number; checks?: CheckCounts | undefined; outdated?: number | undefined; rejected?: number };

function summary({ accepted, checks, outdated, rejected }: Answered): string {
  const late = outdated === undefined ? '' : ` ${outdated} changed nothing: the service has newer results of these checks.`;
  const refused = `${late}${rejected === undefined ? '' : ` ${rejected} refused.`}`;
  if (checks === undefined) return `${counted(accepted, 'alert')} taken.${refused}`;
  const { pass, warn, fail, error, skipped } = checks;
  return `${counted(pass + warn + fail + error + skipped, 'result')}: ${pass} passed, ${fail} failed, ${warn} failed as warnings, ${error} could not run, ${skipped} skipped.${refused}`;
}
