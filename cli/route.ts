import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import { nobodyText, type Route, type RouteTarget, route } from '../core/dry-run/route.ts';
import { contactText } from '../core/response/contacts/contact.ts';
import { withOverrides } from '../core/response/oncall/in-force.ts';
import type { Override } from '../core/response/oncall/override.ts';
import { formatUtc } from '../core/vocabulary/format.ts';
import type { Labels } from '../core/vocabulary/schema-parts.ts';
import { parseTimestamp } from '../core/vocabulary/timestamp.ts';
import { formatDuration } from '../core/vocabulary/units.ts';
import { overrideOf } from '../http/api/dto/override.ts';
import { StartError } from '../local/start-error.ts';
import { openClientIfAny } from './client/open-client.ts';
import { type ClientOptions, withClientOptions } from './client/options.ts';
import { configOrThrow } from './config-options.ts';

type Options = ClientOptions & { labels: Labels; at?: number; json?: boolean };

export function routeCommand(): Command {
  return withClientOptions(new Command('route'))
    .description('who would be paged, and when, if an alert with these labels fired and nobody acknowledged')
    .requiredOption(
      '--labels <labels>',
      'name=value,name="a value",...; rule (of another system: source/alertname), category and severity are labels too',
      labelsOf,
    )
    .option('--at <time>', 'when it fires (ISO 8601, default UTC); by default now', timeOf)
    .option('--json', 'one JSON line per severity')
    .addHelpText(
      'after',
      '\nExamples:\n  tocsin route --labels rule=flight-accuracy\n  tocsin route --labels category=drift,severity=warn\n  tocsin route --labels rule=prometheus/HighLatency,severity=page',
    )
    .action(async (options: Options) => {
      const config = withOverrides(configOrThrow(options).config, await overridesKnown(options));
      const at = options.at ?? Date.now();
      const answer = route(config, options.labels, at);
      if (!answer.ok) throw new StartError(answer.error);
      const lines = answer.routes.map((one) => (options.json ? JSON.stringify({ at, ...one }) : asText(one, at)));
      process.stdout.write(`${lines.join(options.json ? '\n' : '\n\n')}\n`);
    });
}

/**
 * Overrides, from the service or its store; with neither, the config alone counts. If a service
 * that was not even named cannot answer, says so and uses the config.
 */
async function overridesKnown(options: Options): Promise<Override[]> {
  const client = await openClientIfAny(options, () => {});
  if (client === undefined) return [];
  try {
    return (await client.oncall()).overrides.map(overrideOf);
  } catch (error) {
    if (options.url !== undefined || options.store !== undefined || !(error instanceof StartError)) throw error;
    process.stderr.write(`Ignoring on-call overrides: ${error.message}\n`);
    return [];
  } finally {
    await client.close();
  }
}

/** `name=value`, comma-separated. Quote a value that contains a comma or ends in a space. */
function labelsOf(text: string): Labels {
  const labels = new Map<string, string>();
  let rest = text.trim();
  while (rest !== '') {
    const found = /^([A-Za-z_][\w.-]*)=("[^"]*"|[^,"]+)(?:,\s*|$)/.exec(rest);
    if (found === null)
      throw new InvalidArgumentError(`expected name=value,name=value,...; received ${JSON.stringify(rest.slice(0, 60))}.`);
    const [whole, name = '', value = ''] = found;
    if (labels.has(name))
      throw new InvalidArgumentError(`expected each label once, for an alert has one value of it; received ${name} twice.`);
    labels.set(name, value.startsWith('"') ? value.slice(1, -1) : value.trim());
    rest = rest.slice(whole.length);
  }
  if (labels.size === 0) throw new InvalidArgumentError('expected name=value,name=value,...; received nothing.');
  return Object.fromEntries(labels);
}

function timeOf(text: string): number {
  const at = parseTimestamp(text);
  if (at === undefined) throw new InvalidArgumentError('expected a time such as 2026-01-05T09:00Z.');
  return at;
}

function asText(found: Route, at: number): string {
  const {
    category,
    severity,
    policy,
    route: by,
    looked = [],
    tell = [],
    notes = [],
    ackTarget,
    resolveTarget,
    muted,
    about,
    steps,
  } = found;
  const targets = [
    ...(ackTarget === undefined ? [] : [`acknowledged within ${formatDuration(ackTarget)}`]),
    ...(resolveTarget === undefined ? [] : [`resolved within ${formatDuration(resolveTarget)}`]),
  ];
  const lines = [
    `${category}, ${severity}: policy ${policy}${by === undefined ? '' : ` by the route ${by.join(' > ')}`}${targets.length === 0 ? '' : `; to be ${targets.join(' and ')}`}`,
  ];
  for (const { path, matched, failed } of looked)
    lines.push(`  route ${path.join(' > ')}: ${matched ? 'matches' : `does not match ${failed}`}`);
  if (tell.length > 0) lines.push(`told, not paged: ${tell.map(targetText).join(', ')}`);
  lines.push(...notes);
  const nobody = nobodyText(found);
  if (nobody !== undefined) lines.push(nobody);
  if (muted !== undefined)
    lines.push(
      `muted by ${muted.by} ${muted.until === undefined ? 'for more than a week: nobody is paged' : `until ${formatUtc(muted.until)}`}`,
    );
  if (about !== undefined) {
    const withheld =
      about.withheldBy.length === 0
        ? ''
        : `; pages nobody while an alert that is as severe fires on ${about.withheldBy.join(' or ')}`;
    lines.push(`about ${about.text}${withheld}`);
  }
  if (steps.length > 0) lines.push(stepTable(steps, at));
  return lines.join('\n');
}

function stepTable(steps: Route['steps'], at: number): string {
  const table = new Table({ head: ['after', 'at', 'step', 'target', 'contacts'], style: { head: [], border: [] } });
  for (const { afterMs, step, targets } of steps) {
    const after = afterMs === 0 ? 'at once' : formatDuration(afterMs);
    table.push([after, formatUtc(at + afterMs), step, targets.map(targetText).join('\n'), targets.map(contactsText).join('\n')]);
  }
  return table.toString();
}

function targetText(target: RouteTarget): string {
  if (!target.ok) return 'nobody';
  return target.override === undefined ? target.target : `${target.target}, by ${target.override.id} of ${target.override.by}`;
}
const contactsText = (target: RouteTarget): string =>
  target.ok ? target.contacts.map(contactText).join(', then ') : target.reason;
