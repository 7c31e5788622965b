import { Command, InvalidArgumentError } from 'commander';
import { type Endable, endableExpected, readEndable } from '../core/response/endable.ts';
import type { Response } from '../core/response/incidents/respond.ts';
import { readCommand } from '../core/response/slack/command.ts';
import { oneLine } from '../core/vocabulary/printable.ts';
import { shown } from '../core/vocabulary/shown.ts';
import type { Client, Done } from './client/client.ts';
import { withClient } from './client/open-client.ts';
import { actorOf, type ClientOptions, me, withClientOptions } from './client/options.ts';

/** Not a failure: an incident was not resolved, because alerts still fire. */
const stillFiringCode = 3;

type ActOptions = ClientOptions & { by: string };

export const ackCommand = (): Command => respondCommand('ack', 'acknowledge', 'acknowledge an incident: escalation stops');
export const resolveCommand = (): Command =>
  withClientOptions(new Command('resolve'))
    .argument('<id>', 'incident id')
    .description(`resolve an incident; while alerts fire only with --force (otherwise exit code ${stillFiringCode})`)
    .option('--force', 'resolve although alerts fire; it comes back if they go on')
    .option('--by <name>', 'actor for the timeline', actorOf, me())
    .action((id: string, { force = false, ...options }: ActOptions & { force?: boolean }) =>
      act(options, (client) => client.respond(id, 'resolve', options.by, force)),
    );
export const escalateCommand = (): Command => respondCommand('escalate', 'escalate', 'page the next tier now');

function respondCommand(name: string, response: Response, description: string): Command {
  return withClientOptions(new Command(name))
    .argument('<id>', 'incident id')
    .description(description)
    .option('--by <name>', 'actor for the timeline', actorOf, me())
    .action((id: string, options: ActOptions) => act(options, (client) => client.respond(id, response, options.by)));
}

export function silenceCommand(): Command {
  return withClientOptions(new Command('silence'))
    .argument('<matchers>', 'as in Alertmanager: severity=~"page|warning",team!=web; all of them must hold')
    .argument('<duration>', 'such as 30m, 2h or 1d')
    .argument('[why...]', 'a comment')
    .description('mute matching alerts for a while')
    .option('--by <name>', 'actor for the timeline', actorOf, me())
    .action((labels: string, duration: string, why: string[], options: ActOptions, command: Command) => {
      const read = readCommand(`silence ${labels} ${duration} ${why.join(' ')}`);
      if (!read.ok) command.error(`error: ${read.reason.replaceAll('/tocsin', 'tocsin')}`);
      if (read.command.kind !== 'silence') throw new TypeError(`a silence was read as ${read.command.kind}`);
      const { match, durationMs, comment } = read.command;
      return act(options, (client) => client.silence({ match, durationMs, comment, actor: options.by }));
    });
}

export function overrideCommand(): Command {
  return withClientOptions(new Command('override'))
    .argument('<schedule>', 'schedule name')
    .argument('<responder>', 'who goes on call')
    .argument('<until>', 'such as 4h, 17:00 or 2026-01-05T09:00, in the time zone of the schedule')
    .argument('[why...]', 'a comment')
    .description('put somebody on call for a time, in place of whoever the schedule names')
    .option('--from <time>', 'when it begins, said like its end; at once when left out')
    .option('--by <name>', 'who acts, for the audit log', actorOf, me())
    .action((schedule: string, assignee: string, until: string, why: string[], options: ActOptions & { from?: string }) =>
      act(options, (client) =>
        client.override({ schedule, assignee, until, from: options.from, comment: why.join(' '), actor: options.by }),
      ),
    );
}

export function endCommand(): Command {
  return withClientOptions(new Command('end'))
    .argument('<id>', 'id of a silence (sil-...) or override (ovr-...)', endable)
    .description('end a silence or an override early')
    .option('--by <name>', 'who acts, for the audit log', actorOf, me())
    .action((what: Endable, options: ActOptions) => act(options, (client) => client.end(what, options.by)));
}

function endable(id: string): Endable {
  const found = readEndable(id);
  if (found === undefined) throw new InvalidArgumentError(`${endableExpected}; received ${shown(id)}.`);
  return found;
}

/**
 * Prints what was done. If refused, prints why and exits with 1, or with 3 if `--force` would do
 * it.
 */
export async function act(options: ClientOptions, work: (client: Client) => Promise<Done>): Promise<void> {
  const { ok, message, stillFiring } = await withClient(options, work);
  if (stillFiring !== undefined) {
    const lines = stillFiring.map((line) => `  ${oneLine(line)}\n`).join('');
    process.stderr.write(`tocsin: ${message}:\n${lines}silence them if that is known, or resolve all the same with --force\n`);
    process.exitCode = stillFiringCode;
  } else if (ok) process.stdout.write(`${message}\n`);
  else {
    process.stderr.write(`tocsin: ${message}\n`);
    process.exitCode = 1;
  }
}
