import { Command } from 'commander';
import { policyText } from '../core/selfcheck/digest/lines.ts';
import { oneLine } from '../core/vocabulary/printable.ts';
import { formatAge, formatDuration } from '../core/vocabulary/units.ts';
import type { InsufficientEvidenceDto } from '../http/api/dto/insufficient-evidence.ts';
import type { ShownPages, ShownReason, ShownWatchdog, SyntheticShown } from '../http/health.ts';
import { StartError } from '../local/start-error.ts';
import { withClient } from './client/open-client.ts';
import { type ClientOptions, withClientOptions } from './client/options.ts';
import { configOrThrow } from './config-options.ts';

type Health = {
  status: string;
  rules: number;
  starting?: number;
  pages?: ShownPages | null;
  reasons?: ShownReason[];
  notes?: ShownReason[];
  lastTickAgeMs?: number | null;
  lastSweepAgeMs?: number | null;
  lastConsistencyCheckAgeMs?: number | null;
  oldestDeliveryAgeMs?: number | null;
  /** Absent if the config asks for none. */
  synthetic?: SyntheticShown;
  /** On one machine. */
  watchdogs?: ShownWatchdog[];
  pagesOfLastWeek?: { policy: string; pages: number; pagesAWeek: number }[];
  ignoredAlerts?: { source: string; count: number }[];
};

const weekMs = 604_800_000;
const write = (line: string): void => void process.stdout.write(`${line}\n`);

export function statusCommand(): Command {
  return withClientOptions(new Command('status'))
    .description('how a running Tocsin is: its last tick, open incidents, and what waits to be delivered')
    .option('--json', 'as one JSON document')
    .action(async (options: ClientOptions & { json?: boolean }) => {
      const url = options.url ?? (process.env['TOCSIN_URL'] || undefined) ?? configOrThrow(options).config.settings.publicUrl;
      const health = await healthAt(url);
      const open = await incidentsAndEvidence(url, options);
      if (options.json)
        write(
          JSON.stringify({
            url,
            ...health,
            openIncidents: open.count,
            openIncidentsUnknown: open.why,
            flappingIncidents: open.flapping,
            insufficientEvidence: open.insufficient,
          }),
        );
      else {
        write(`${url}  ${health.status}  ${health.rules} rules`);
        write(`last tick       ${ago(health.lastTickAgeMs)}`);
        write(`last sweep      ${ago(health.lastSweepAgeMs)}`);
        write(`last self-check ${ago(health.lastConsistencyCheckAgeMs)}`);
        write(
          `oldest delivery ${typeof health.oldestDeliveryAgeMs === 'number' ? `waiting for ${formatDuration(health.oldestDeliveryAgeMs)}` : 'none waiting'}`,
        );
        write(`pages           ${pagesText(health.pages)}`);
        if (health.synthetic !== undefined) write(`synthetic page  ${syntheticText(health.synthetic)}`);
        write(`open incidents  ${open.count ?? `unknown: ${open.why}`}${open.flapping ? `, ${open.flapping} flapping` : ''}`);
        for (const one of health.watchdogs ?? []) write(`watchdog        ${watchdogText(one)}`);
        for (const one of health.pagesOfLastWeek ?? []) write(`last 7 days     ${policyText(one, weekMs)}`);
        for (const { source, count } of health.ignoredAlerts ?? [])
          write(`ignored alerts  ${count} of ${source} since the start`);
        for (const one of open.insufficient ?? []) write(insufficientLine(one));
        if ((health.starting ?? 0) > 0) write(`starting        ${health.starting} rules have not been evaluated yet`);
        for (const note of health.notes ?? []) write(`note: ${lineOf(note)}`);
        for (const reason of health.reasons ?? []) write(`not well: ${lineOf(reason)}`);
      }
      if (health.status !== 'ok') process.exitCode = 1;
    });
}

function pagesText(pages: ShownPages | null | undefined): string {
  if (pages === null || pages === undefined) return 'not counted yet';
  const { waiting, held, oldestAgeMs } = pages;
  if (waiting + held === 0) return 'none waits';
  const oldest = oldestAgeMs === null ? '' : `; the oldest for ${formatDuration(oldestAgeMs)}`;
  return `${waiting} due, ${held} held by the rate limit or until the next retry${oldest}`;
}

const watchdogText = ({ source, missing, seenAgeMs }: ShownWatchdog): string =>
  `${source}: ${missing ? 'missing, ' : ''}${seenAgeMs === null ? 'never seen' : `last seen ${formatDuration(seenAgeMs)} ago`}`;

/** Texts include what sources and senders say. */
const lineOf = ({ text, since }: ShownReason): string => `${oneLine(text)}${since === undefined ? '' : `, since ${since}`}`;

const ago = (ms: number | null | undefined): string => (typeof ms === 'number' ? `${formatAge(ms)} ago` : 'none yet');

function syntheticText({ state, beganAgeMs, timeToPageMs }: SyntheticShown): string {
  const took = timeToPageMs === null ? '' : ` after ${formatDuration(timeToPageMs)}`;
  return beganAgeMs === null ? state : `${state}${took}; begun ${ago(beganAgeMs)}`;
}

/** An unhealthy service answers 503 with the same body. */
async function healthAt(url: string): Promise<Health> {
  const health: unknown = await fetch(new URL('/healthz', url), { redirect: 'error', signal: AbortSignal.timeout(5000) })
    .then((response) => response.json())
    .catch(() => undefined);
  if (typeof health !== 'object' || health === null || !('status' in health) || !('rules' in health))
    throw new StartError(`no Tocsin answers at ${url}; start it with npm start, or give another URL with --url`);
  return health as Health;
}

const insufficientLine = ({ rule, affectedSeries, totalSeries, reason }: InsufficientEvidenceDto): string =>
  `insufficient evidence: ${rule}, ${affectedSeries} of ${totalSeries} series: ${reason}`;

/** The list may need the web password; the health does not. */
async function incidentsAndEvidence(
  url: string,
  options: ClientOptions,
): Promise<{ count?: number; flapping?: number; insufficient?: InsufficientEvidenceDto[]; why?: string }> {
  try {
    return await withClient({ ...options, url }, async (client) => {
      const [{ incidents, found }, insufficient] = await Promise.all([
        client.incidents('open', 1000),
        client.insufficientEvidence(),
      ]);
      const flapping = incidents.filter((incident) => incident.flapping !== undefined).length;
      return { count: found?.total ?? incidents.length, flapping, insufficient };
    });
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return { why: error.message };
  }
}
