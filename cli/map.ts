import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { intakeNames } from '../core/alerting/intakes/intake.ts';
import type { Config } from '../core/config/schema.ts';
import { type MappedAlert, mappedAlerts } from '../core/dry-run/mapped-alerts.ts';
import { sourcesOf } from '../core/telemetry/sources/sources-of.ts';
import { counted } from '../core/vocabulary/counted.ts';
import { formatUtc } from '../core/vocabulary/format.ts';
import { StartError } from '../local/start-error.ts';
import { type ConfigOptions, configOrThrow, withConfigOptions } from './config-options.ts';

type Options = ConfigOptions & { intake?: string; mapping?: string; source?: string; json?: boolean };

export function mapCommand(): Command {
  const tried = withConfigOptions(new Command('try'))
    .description('what would become of a message: each alert with labels, fingerprint and route, and what would be refused')
    .argument('<file>', 'a message as a system sends it, JSON')
    .option('--intake <name>', 'a mapping of the config (`intakes`), or a format that is built in')
    .option('--mapping <file>', 'a YAML file with `intakes`, which is read beside the config')
    .option('--source <name>', 'the source of alerts that it is sent to; by default that of the mapping, or the only one')
    .option('--json', 'one JSON line for each alert')
    .addHelpText(
      'after',
      '\nExamples:\n  tocsin map try message.json --mapping soda.yaml\n  tocsin map try message.json --intake datadog\n\nNothing is sent, and nobody is paged. docs/mapping.md says how a mapping is written.',
    )
    .action(tryMessage);
  return new Command('map').description('mappings of messages of other systems to alerts').addCommand(tried);
}

function tryMessage(file: string, options: Options): void {
  const { config } = configOrThrow(options, options.mapping);
  const intake = intakeOf(config, options);
  const answer = mappedAlerts(config, { intake, source: sourceOf(config, intake, options.source) }, messageIn(file), Date.now());
  if (!answer.ok) throw new StartError(`${file}: the whole message would be refused: ${answer.error}`);
  for (const alert of answer.alerts) process.stdout.write(`${options.json ? JSON.stringify(alert) : asText(alert)}\n`);
  const refused = answer.alerts.filter(({ outcome }) => outcome === 'refused').length;
  const count = counted(answer.alerts.length, 'alert');
  process.stderr.write(`${count} by ${intake}${refused === 0 ? '' : `, ${refused} of them refused`}.\n`);
  if (refused > 0) process.exitCode = 1;
}

/** The one that is named, or the only mapping. */
function intakeOf({ intakes }: Config, { intake }: Options): string {
  const names = Object.keys(intakes);
  const [only] = names;
  if (intake === undefined) {
    if (only !== undefined && names.length === 1) return only;
    throw new StartError(`say which mapping with --intake; there are ${[...names, ...intakeNames].join(', ')}`);
  }
  if (names.includes(intake) || intakeNames.includes(intake)) return intake;
  throw new StartError(`there is no mapping or format ${intake}; expected one of ${[...names, ...intakeNames].join(', ')}`);
}

function sourceOf(config: Config, intake: string, named: string | undefined): string {
  const names = sourcesOf(config, 'alerts').map(({ name }) => name);
  const source = named ?? config.intakes[intake]?.source ?? (names.length === 1 ? names[0] : undefined);
  if (source !== undefined && names.includes(source)) return source;
  throw new StartError(
    names.length === 0
      ? 'the config has no source of kind alerts, to which this could be sent'
      : `say with --source to which source of alerts it is sent: ${names.join(', ')}`,
  );
}

function messageIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new StartError(`${file}: expected one JSON document: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

function asText(alert: MappedAlert): string {
  const at = `#${alert.index}${alert.pointer === undefined ? '' : ` ${alert.pointer || '/'}`}`;
  if (alert.outcome === 'refused') return `${at}: refused: ${alert.reason}`;
  const { rule, severity, category, title, reason, labels, fingerprint, runbook, link, notes } = alert;
  return [
    `${at}: ${alert.outcome === 'watchdog' ? 'is the watchdog' : alert.outcome === 'ignored' ? 'is ignored by the source' : alert.outcome} ${rule}, ${severity}, ${category}`,
    `  title        ${title}`,
    `  reason       ${reason}`,
    `  labels       ${Object.entries(labels)
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      .join(', ')}`,
    `  fingerprint  ${fingerprint}`,
    `  runbook      ${runbook}`,
    ...(link === undefined ? [] : [`  link         ${link}`]),
    ...(alert.outcome === 'fires' && alert.ends !== undefined
      ? [`  ends         ${formatUtc(alert.ends)}, unless it is sent again`]
      : []),
    ...(alert.route === undefined ? [] : [`  route        ${routeText(alert.route)}`]),
    ...notes.map((note) => `  note         ${note}`),
  ].join('\n');
}

function routeText({ policy, route, muted, nobody }: NonNullable<Extract<MappedAlert, { rule: string }>['route']>): string {
  const by = route === undefined ? '' : ` by ${route.join(' > ')}`;
  const withheld = nobody === undefined ? (muted === undefined ? '' : `; muted by ${muted.by} now`) : `; ${nobody}`;
  return `policy ${policy}${by}${withheld}`;
}
