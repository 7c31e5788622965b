import Table from 'cli-table3';
import { Command } from 'commander';
import { formatPercent, formatUtc } from '../core/vocabulary/format.ts';
import { oneLine } from '../core/vocabulary/printable.ts';
import { formatAge } from '../core/vocabulary/units.ts';
import type { HeartbeatDto, HeartbeatListDto } from '../http/api/dto/heartbeat.ts';
import { msOf } from '../http/api/dto/time.ts';
import { withClient } from './client/open-client.ts';
import { type ClientOptions, withClientOptions } from './client/options.ts';

type Options = ClientOptions & { json?: boolean };
type Listed = HeartbeatListDto['heartbeats'][number];
type Run = HeartbeatDto['runs'][number];

const write = (line: string): void => void process.stdout.write(`${line}\n`);
const timeText = (time: string | undefined): string => (time === undefined ? '' : formatUtc(msOf(time)));

export function heartbeatsCommand(): Command {
  return withClientOptions(new Command('heartbeats'))
    .argument('[name]', 'one of them, with its runs and the end of its log')
    .description('how jobs do that report their runs: late, failed, stuck, and whether they will be done in time')
    .option('--json', 'as JSON lines')
    .action((name: string | undefined, options: Options) =>
      withClient(options, async (client) => {
        if (name === undefined) list(await client.heartbeats(), options);
        else {
          const heartbeat = await client.heartbeat(name);
          if ('error' in heartbeat) {
            process.stderr.write(`tocsin: ${oneLine(heartbeat.error)}\n`);
            process.exitCode = 1;
          } else if (options.json) write(JSON.stringify(heartbeat));
          else show(heartbeat);
        }
      }),
    );
}

function list(heartbeats: readonly Listed[], { json }: Options): void {
  if (json) {
    for (const heartbeat of heartbeats) write(JSON.stringify(heartbeat));
    return;
  }
  if (heartbeats.length === 0) {
    process.stderr.write('The config has no heartbeat; docs/heartbeats.md.\n');
    return;
  }
  const head = ['name', 'state', 'last success', 'next due', 'deadline', 'runs'];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const heartbeat of heartbeats) {
    const { name, succeededAt, nextDueAt, deadline, runs } = heartbeat;
    const row = [name, stateText(heartbeat), timeText(succeededAt), timeText(nextDueAt), timeText(deadline?.at)];
    table.push([...row, runs.slice(-10).map(signOf).join('')].map(oneLine));
  }
  write(table.toString());
  write('runs, the newest last: . success, x failed, ? never ended, > under way');
}

/** In short; of one in trouble what is wrong. */
function stateText({ standing, troubles, severity, running }: Omit<Listed, 'runs'>): string {
  if (troubles.length > 0) return `${severity ?? 'in trouble'}: ${[...new Set(troubles.map(({ kind }) => kind))].join(', ')}`;
  return running?.done === undefined ? standing : `${standing}, ${formatPercent(running.done)}`;
}

const signs = { success: '.', fail: 'x', lost: '?', running: '>' } as const;
const signOf = ({ outcome }: Pick<Run, 'outcome'>): string => signs[outcome ?? 'running'];

function show(heartbeat: HeartbeatDto): void {
  const { name, title, cron, every, timezone, troubles, incident, succeededAt, nextDueAt, deadline, runs } = heartbeat;
  const say = (line: string): void => write(oneLine(line));
  say(`${title === name ? name : `${title} (${name})`}: ${stateText(heartbeat)}`);
  const due = cron === undefined ? `every ${every}` : `${cron} in ${timezone}`;
  say(`due           ${due}${nextDueAt === undefined ? '' : `, next ${timeText(nextDueAt)}`}`);
  say(`last success  ${succeededAt === undefined ? 'none yet' : timeText(succeededAt)}`);
  if (deadline !== undefined)
    say(`deadline      ${timeText(deadline.at)}${deadline.forecast === undefined ? '' : `; ${deadline.forecast.text}`}`);
  for (const text of new Set(troubles.map((trouble) => trouble.text))) say(`trouble       ${text}`);
  if (incident !== undefined) say(`incident      ${incident}`);
  for (const run of runs.slice(-10)) say(`  ${runText(run)}`);
  const logged = runs.findLast(({ log }) => log !== undefined);
  if (logged?.log === undefined) return;
  say(`The end of the log of the run that ended ${timeText(logged.endedAt)}:`);
  for (const line of logged.log.trimEnd().split('\n').slice(-20)) say(`  | ${line}`);
}

function runText({ id, startedAt, endedAt, outcome, exitCode, done }: Run): string {
  const took = startedAt === undefined || endedAt === undefined ? '' : ` after ${formatAge(msOf(endedAt) - msOf(startedAt))}`;
  const code = exitCode === undefined ? '' : `, exit code ${exitCode}`;
  const at = done === undefined || outcome !== undefined ? '' : `, ${formatPercent(done)}`;
  return `${timeText(startedAt ?? endedAt)}  ${outcome ?? 'under way'}${took}${code}${at}${id === undefined ? '' : `  ${id}`}`;
}
