import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { Document, isScalar, visit } from 'yaml';
import { formatConfigError } from '../core/config/config-error.ts';
import { type ConfigDocument, readDocument } from '../core/config/document.ts';
import { counted } from '../core/vocabulary/counted.ts';
import { nearest } from '../core/vocabulary/nearest.ts';
import { type Category, categories } from '../core/vocabulary/schema-parts.ts';
import { shown } from '../core/vocabulary/shown.ts';
import { StartError } from '../local/start-error.ts';
import { type Imported, importAlertmanager } from './import/alertmanager/import.ts';
import { noteLines } from './import/note.ts';
import { importPrometheusRules } from './import/prometheus-rules/import.ts';

type Options = { source: string; category: string; runbook: string };

export function importCommand(): Command {
  const alertmanager = about(new Command('alertmanager'), 'prometheus')
    .description('routes, receivers, inhibit rules and time intervals of an alertmanager.yml')
    .action((file: string, options: Options) => written(file, options, 'route', importAlertmanager));
  const rules = about(new Command('prometheus-rules'), 'prom')
    .description('alerting rules of Prometheus as rules with bands, which ask Prometheus')
    .action((file: string, options: Options) => written(file, options, 'groups', importPrometheusRules));
  return new Command('import')
    .description('a config of another system as one of Tocsin, and what of it has no counterpart, line by line')
    .addCommand(alertmanager)
    .addCommand(rules);
}

const about = (command: Command, source: string): Command =>
  command
    .argument('<file>', 'the file, YAML')
    .option('--source <name>', 'the source of the config that this is about', source)
    .option('--category <name>', `the row of the escalation matrix: ${categories.join(', ')}`, 'availability')
    .option('--runbook <name>', 'the runbook of what the file names none for', 'imported')
    .addHelpText(
      'after',
      '\nThe config goes to the standard output, what to know about it to the standard error.\nExample:\n  tocsin import alertmanager alertmanager.yml > config/alertmanager.yaml && tocsin check\ndocs/import.md says what becomes what.',
    );

type About = { source: string; category: Category; runbook: string };

function written(
  file: string,
  options: Options,
  section: string,
  read: (document: ConfigDocument, about: About) => Imported,
): void {
  const { config, notes } = read(documentIn(file, section), { ...options, category: categoryOf(options.category) });
  const lines = noteLines(file, notes);
  process.stdout.write(`# Made by: tocsin import\n${yamlOf(config)}`);
  process.stderr.write(lines.map((line) => `${line}\n`).join(''));
  const left = notes.filter(({ kind }) => kind === 'left out').length;
  const differ = notes.length - left;
  process.stderr.write(
    `${counted(left, 'line')} left out, ${differ} with another meaning here; \`tocsin check\` reads the rest.\n`,
  );
}

/** Lists of single values on one line, as people write them. */
function yamlOf(config: object): string {
  const document = new Document(config, { aliasDuplicateObjects: false });
  visit(document, {
    Seq(_, list) {
      if (list.items.every((item) => isScalar(item))) list.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function categoryOf(text: string): Category {
  const found = categories.find((one) => one === text);
  if (found !== undefined) return found;
  const near = nearest(text, categories);
  throw new StartError(
    `expected --category to be one of ${categories.join(', ')}; received ${JSON.stringify(text)}${near === undefined ? '' : `; did you mean ${near}?`}`,
  );
}

/** A file that has the section by which its kind is known. */
function documentIn(file: string, section: string): ConfigDocument {
  const read = readDocument({ path: file, text: readText(file) });
  if (!read.ok) throw new StartError(read.errors.map(formatConfigError).join('\n'));
  const { value } = read.document;
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, section)) return read.document;
  throw new StartError(`${file}: expected a file with the section \`${section}\`; received ${shown(value)}`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new StartError(`cannot read ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
