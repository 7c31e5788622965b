import type { Graph } from '../../core/alerting/correlation/graph.ts';
import { graphOf } from '../../core/alerting/correlation/graph.ts';
import { draftOf } from '../../core/response/incidents/draft.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { changesBeforeMs, mattersToIncident, tellChanges } from '../../core/response/incidents/what-changed.ts';
import { type Change, changeOf, keepChangesMs, type ToldChange } from '../../core/telemetry/changes/change.ts';
import { commitOf, commitOrRetry } from '../commit.ts';
import { observedNow } from '../correlation-context.ts';
import type { Ports } from '../ports/ports.ts';
import { yieldToEventLoop } from '../yield-to-event-loop.ts';

/** Changes in one commit, and incidents that are told of them: with their entries they fit into a transaction. */
const changesAtOnce = 10;
const mostTold = 10;
/** Open incidents that are looked at. */
const mostLooked = 200;

/** `repeated`: told before under the same key, and not counted again. */
export type ChangesNoted = { noted: number; repeated: number };

/**
 * Keeps what somebody outside says was changed, and puts it onto the timelines of open incidents that it may matter to.
 * Every way in calls this. `sender`: who says so, such as `key:ci`; what it knows a change by is its own.
 */
export async function noteChanges(ports: Ports, told: readonly ToldChange[], sender: string, now: number): Promise<ChangesNoted> {
  const changes = new Map(told.map((one) => changeOf(one, sender, now, ports.sha256)).map((change) => [change.id, change]));
  const all = [...changes.values()];
  let noted = 0;
  let graph: Graph | undefined;
  for (let from = 0; from < all.length; from += changesAtOnce) {
    await yieldToEventLoop(from / changesAtOnce);
    const some = all.slice(from, from + changesAtOnce);
    const count = await commitOrRetry(ports, async () => {
      const known = await ports.store.changesOf(some.map(({ id }) => id));
      const fresh = some.filter((_, place) => known[place] === undefined);
      if (fresh.length === 0) return undefined;
      const open = await openIncidents(ports, fresh);
      if (open.length > 0) graph ??= graphOf(ports.config, await observedNow(ports, now));
      const decisions =
        graph === undefined ? [] : open.flatMap((incident) => toldOf(ports, incident, graph as Graph, fresh, now));
      const commits = await Promise.all(decisions.slice(0, mostTold).map((decision) => commitOf(ports, decision)));
      return {
        commit: {
          writes: [
            ...fresh.map((value) => ({ kind: 'change', value, expected: 0 }) as const),
            ...commits.flatMap(({ writes }) => writes),
          ],
          timeline: commits.flatMap(({ timeline }) => timeline),
          effects: commits.flatMap(({ effects }) => effects),
          done: [],
        },
        result: fresh.length,
      };
    });
    noted += count ?? 0;
  }
  return { noted, repeated: told.length - noted };
}

/** Why a change cannot be taken by this clock; undefined if it can. */
export function refusedTime({ config }: Pick<Ports, 'config'>, { at }: ToldChange, now: number): string | undefined {
  if (at === undefined) return undefined;
  if (at > now + config.settings.maxFuture) return `timestamp: ${new Date(at).toISOString()} is ahead of the clock here`;
  return at < now - keepChangesMs
    ? `timestamp: ${new Date(at).toISOString()} is older than changes are kept, 90 days`
    : undefined;
}

/** Those that a change may still matter to: an old one says nothing about what began long after it. */
async function openIncidents({ store }: Ports, changes: readonly Change[]): Promise<Incident[]> {
  const latest = Math.max(...changes.map(({ at }) => at));
  const open = await store.incidents({ status: 'open', limit: mostLooked });
  return open.filter(({ since }) => latest > since - changesBeforeMs);
}

function toldOf(ports: Ports, incident: Incident, graph: Graph, changes: readonly Change[], now: number) {
  const near = changes.filter(({ at }) => at > incident.since - changesBeforeMs);
  if (!near.some((change) => mattersToIncident(graph, change, incident) !== undefined)) return [];
  const draft = draftOf(incident, ports.config, now);
  return tellChanges(draft, graph, near) ? [draft.finish()] : [];
}
