import { storedEntries } from '../../core/response/incidents/stored-timeline.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import { isEarlier, type TimelinePlace } from '../../core/response/incidents/timeline-place.ts';
import type { IncidentId } from '../../core/vocabulary/ids.ts';
import type { Quarantine } from './quarantine.ts';
import type { Sql } from './sql.ts';

/**
 * Consecutive entries share a row, from `n` up to but excluding `until`: a commit may add a hundred
 * to one incident, and they are read together. false: an entry with that index exists.
 */
export function insertEntries(sql: Sql, entries: readonly TimelineEntry[]): boolean {
  const text = `INSERT INTO timeline (incident_id, version, n, until, doc) SELECT ?1, ?2, ?3, ?4, ?5
    WHERE NOT EXISTS (SELECT 1 FROM timeline WHERE incident_id = ?1 AND version = ?2 AND n < ?4 AND until > ?3)`;
  for (const run of runsOf(entries)) {
    const [{ incidentId, version, n }] = run;
    if (sql.run(text, incidentId, version, n, n + run.length, storedEntries.encode(run)) === 0) return false;
  }
  return true;
}

/** The entries of an incident. Those in a row that does not decode are missing. */
export function timelineOf(sql: Sql, quarantine: Quarantine, incidentId: IncidentId): TimelineEntry[] {
  const text = 'SELECT version, n, doc FROM timeline WHERE incident_id = ? ORDER BY version, n';
  return entriesIn(quarantine, incidentId, sql.all<Row>(text, incidentId));
}

const end: TimelinePlace = { version: Number.MAX_SAFE_INTEGER, n: 0 };

/** The newest entries, or those before a place; newest first. */
export function latestEntriesOf(
  sql: Sql,
  quarantine: Quarantine,
  incidentId: IncidentId,
  { limit, before = end }: { limit: number; before?: TimelinePlace | undefined },
): TimelineEntry[] {
  const text =
    'SELECT version, n, doc FROM timeline WHERE incident_id = ? AND (version, n) < (?, ?) ORDER BY version DESC, n DESC LIMIT ?';
  const found: TimelineEntry[] = [];
  let place = before;
  // Rows that do not decode hold none, and a row may begin before the place and end after it.
  while (found.length < limit) {
    const rows = sql.all<Row>(text, incidentId, place.version, place.n, limit - found.length);
    const last = rows.at(-1);
    if (last === undefined) break;
    found.push(
      ...entriesIn(quarantine, incidentId, rows.reverse())
        .filter((one) => isEarlier(one, before))
        .reverse(),
    );
    place = last;
  }
  return found.slice(0, limit);
}

type Row = { version: number; n: number; doc: string };

function entriesIn(quarantine: Quarantine, incidentId: IncidentId, rows: readonly Row[]): TimelineEntry[] {
  return rows.flatMap(({ version, n, doc }) => {
    const decoded = storedEntries.decode(doc);
    if (decoded.ok) return decoded.value;
    quarantine.note({
      kind: 'timeline',
      id: `${incidentId} ${version} ${n}`,
      reason: decoded.reason,
      key: [incidentId, version, n],
    });
    return [];
  });
}

type Run = [TimelineEntry, ...TimelineEntry[]];

function runsOf(entries: readonly TimelineEntry[]): Run[] {
  const runs: Run[] = [];
  for (const entry of entries) {
    const last = runs.at(-1)?.at(-1);
    const follows = last?.incidentId === entry.incidentId && last.version === entry.version && last.n + 1 === entry.n;
    if (follows) runs.at(-1)?.push(entry);
    else runs.push([entry]);
  }
  return runs;
}
