import type { Graph } from '../../core/alerting/correlation/graph.ts';
import { graphOf } from '../../core/alerting/correlation/graph.ts';
import { draftOf } from '../../core/response/incidents/draft.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { changesBeforeMs, mattersToIncident, tellChanges } from '../../core/response/incidents/what-changed.ts';
import { type Change, changeOf, keepChangesMs, type ToldChange } from '../../core/telemetry/changes/change.ts';
import { commitOf, commitOrRetry } from '../commit.ts';
import { observedNow } from '../correlation-context.ts';
import type { Commit } from '../ports/commit.ts';
import type { Ports } from '../ports/ports.ts';
import { yieldToEventLoop } from '../yield-to-event-loop.ts';

/**
 * Changes in one commit, and incidents that are told of them: with their entries they fit into a
 * transaction.
 */
const changesAtOnce = 10;
const toldAtOnce = 10;
/** Open incidents that are looked at, the newest first. */
const mostLooked = 200;

/** `repeated`: told before under the same key, and not counted again. */
export type ChangesNoted = { noted: number; repeated: number };

/**
 * Keeps what somebody outside says was changed, and puts it onto the timelines of open incidents
 * that it may matter to. Every way in calls this. `sender`: who says so, such as `key:ci`; what it
 * knows a change by is its own.
 */
export async function noteChanges(ports: Ports, told: readonly ToldChange[], sender: string, now: number): Promise<ChangesNoted> {
  const changes = new Map(told.map((one) => changeOf(one, sender, now, ports.sha256)).map((change) => [change.id, change]));
  const all = [...changes.values()];
  const looked = openIncidents(ports, now);
  let noted = 0;
  for (let from = 0; from < all.length; from += changesAtOnce) {
    await yieldToEventLoop(from / changesAtOnce);
    const some = all.slice(from, from + changesAtOnce);
    let fresh: Change[] = [];
    let isMore = false;
    await commitOrRetry(ports, async () => {
      const known = await ports.store.changesOf(some.map(({ id }) => id));
      fresh = some.filter((_, place) => known[place] === undefined);
      if (fresh.length === 0) return undefined;
      const decisions = await looked.decisions(fresh);
      isMore = decisions.length > toldAtOnce;
      return { commit: await commitTo(ports, decisions, fresh), result: undefined };
    });
    noted += fresh.length;
    // An incident that was told of a change is not told again, so that each round is about others.
    while (isMore) {
      await commitOrRetry(ports, async () => {
        const decisions = await looked.decisions(fresh);
        isMore = decisions.length > toldAtOnce;
        return decisions.length === 0 ? undefined : { commit: await commitTo(ports, decisions, []), result: undefined };
      });
    }
  }
  return { noted, repeated: told.length - noted };
}

type Told = ReturnType<typeof toldOf>[number];

/** The first decisions, with changes that are new, as one commit. */
async function commitTo(ports: Ports, decisions: readonly Told[], fresh: readonly Change[]): Promise<Commit> {
  const commits = await Promise.all(decisions.slice(0, toldAtOnce).map((decision) => commitOf(ports, decision)));
  return {
    writes: [
      ...fresh.map((value) => ({ kind: 'change', value, expected: 0 }) as const),
      ...commits.flatMap(({ writes }) => writes),
    ],
    timeline: commits.flatMap(({ timeline }) => timeline),
    effects: commits.flatMap(({ effects }) => effects),
    done: [],
  };
}

/** Why a change cannot be taken by this clock; undefined if it can. */
export function refusedTime({ config }: Pick<Ports, 'config'>, { at }: ToldChange, now: number): string | undefined {
  if (at === undefined) return undefined;
  if (at > now + config.settings.maxFuture) return `timestamp: ${new Date(at).toISOString()} is ahead of the clock here`;
  return at < now - keepChangesMs
    ? `timestamp: ${new Date(at).toISOString()} is older than changes are kept, 90 days`
    : undefined;
}

/**
 * The open incidents, which are read again only after something was decided of them: a list of a
 * thousand changes that matter to none reads them once.
 */
function openIncidents(ports: Ports, now: number) {
  let open: Incident[] | undefined;
  let graph: Graph | undefined;
  return {
    async decisions(changes: readonly Change[]): Promise<Told[]> {
      if (open === undefined) {
        open = await ports.store.incidents({ status: 'open', limit: mostLooked + 1 });
        if (open.length > mostLooked)
          ports.log('warn', 'more incidents are open than are told of a change', { told: mostLooked });
      }
      // An old change says nothing about what began long after it.
      const latest = Math.max(...changes.map(({ at }) => at));
      const near = open.slice(0, mostLooked).filter(({ since }) => latest > since - changesBeforeMs);
      if (near.length === 0) return [];
      graph ??= graphOf(ports.config, await observedNow(ports, now));
      const decisions = near.flatMap((incident) => toldOf(ports, incident, graph as Graph, changes, now));
      if (decisions.length > 0) open = undefined;
      return decisions;
    },
  };
}

function toldOf(ports: Ports, incident: Incident, graph: Graph, changes: readonly Change[], now: number) {
  const near = changes.filter(({ at }) => at > incident.since - changesBeforeMs);
  if (!near.some((change) => mattersToIncident(graph, change, incident) !== undefined)) return [];
  const draft = draftOf(incident, ports.config, now);
  return tellChanges(draft, graph, near) ? [draft.finish()] : [];
}
