import type { Commit, Write } from '../../app/ports/commit.ts';
import type { Store } from '../../app/ports/store.ts';
import type { Silence } from '../../core/alerting/silences/silence.ts';
import { type Incident, newestFirst } from '../../core/response/incidents/incident.ts';
import type { Override } from '../../core/response/oncall/override.ts';
import type { Effect } from '../../core/response/outbox/effect.ts';
import { laneOf, priorityOf, receiverOf } from '../../core/response/outbox/lanes.ts';
import type { TrainingFeatures, TrainingRecord } from '../../core/telemetry/training/training.ts';
import type { AlertChanges, StoredAlerts } from './alerts.ts';
import type { GroupCommit } from './group-commit.ts';
import { type IncidentChanges, inNoList, type StoredIncidents } from './incidents.ts';
import { keyText, type Sql } from './sql.ts';
import { insertEntries, timelineOf } from './timeline.ts';
import type { UntilList } from './until-list.ts';

/** A file has no limit; but a commit holds everybody else up while it is carried out. */
const maxActions = 1000;

type Doc = { doc: string };

/** What one commit changes of what is in memory as well. */
type Changes = { alerts: AlertChanges; incidents: IncidentChanges } & Lists;

export type Lists = { silences: UntilList<Silence>; overrides: UntilList<Override> };

const parsed = <T>(row: Doc | undefined): T | undefined => (row === undefined ? undefined : (JSON.parse(row.doc) as T));
const parsedAll = <T>(rows: Doc[]): T[] => rows.map(({ doc }) => JSON.parse(doc) as T);

/** Everything that is decided, and its reading. */
export function decisions(
  sql: Sql,
  group: GroupCommit,
  alerts: StoredAlerts,
  incidents: StoredIncidents,
  lists: Lists,
): Pick<
  Store,
  | 'commit'
  | 'maxActions'
  | 'incident'
  | 'incidentOfGroup'
  | 'incidents'
  | 'forgetOfTenant'
  | 'dueIncidents'
  | 'timeline'
  | 'deployment'
  | 'silences'
  | 'overrides'
  | 'serving'
  | 'trainings'
  | 'training'
  | 'trainingFeatures'
> {
  return {
    maxActions,
    async commit(commit) {
      // Nothing of them goes into the file, so no flush is waited for.
      const repeats = repeatsOnly(commit);
      const kept = repeats === undefined ? undefined : alerts.hold(repeats);
      if (kept !== undefined) {
        await group.turn();
        return kept ? 'committed' : 'conflict';
      }
      // Begun when it is its turn, so that it is compared with what the jobs before it have left.
      let changes: Changes | undefined;
      const committed = await group.write(
        () => {
          changes = { alerts: alerts.change(), incidents: incidents.change(), ...lists };
          return writeAll(sql, changes, commit);
        },
        {
          stands: (isAsFound) => isAsFound,
          kept: () => {
            changes?.alerts.keep();
            changes?.incidents.keep();
          },
        },
      );
      return committed ? 'committed' : 'conflict';
    },
    incident: async (id) => incidents.incident(id),
    incidentOfGroup: async (groupKey) => incidents.incidentOfGroup(groupKey),
    incidents: async ({ status, limit, tenants = false }) => {
      const listed = parsedAll<Incident>(
        status === 'all'
          ? sql.all<Doc>('SELECT doc FROM incidents WHERE resolved < ? ORDER BY opened_at DESC, id DESC LIMIT ?', inNoList, limit)
          : sql.all<Doc>(
              'SELECT doc FROM incidents WHERE resolved = ? ORDER BY opened_at DESC, id DESC LIMIT ?',
              status === 'resolved' ? 1 : 0,
              limit,
            ),
      );
      if (!tenants) return listed;
      const isWanted = (incident: Incident): boolean =>
        status === 'all' || (incident.status === 'resolved') === (status === 'resolved');
      const others = parsedAll<Incident>(sql.all<Doc>('SELECT doc FROM incidents WHERE resolved = ?', inNoList));
      return [...listed, ...others.filter(isWanted)].sort(newestFirst).slice(0, limit);
    },
    async forgetOfTenant(id) {
      await group.write(() => {
        if (sql.run('DELETE FROM incidents WHERE id = ? AND resolved = ?', id, inNoList) === 0) return;
        sql.run('DELETE FROM timeline WHERE incident_id = ?', id);
        sql.run('DELETE FROM latest_incidents WHERE incident_id = ?', id);
        incidents.drop(id);
      });
    },
    dueIncidents: async (now, limit) =>
      sql
        .all<{ id: string }>('SELECT id FROM incidents WHERE next_step_at <= ? ORDER BY next_step_at, id LIMIT ?', now, limit)
        .map(({ id }) => id),
    timeline: async (incidentId) => timelineOf(sql, incidentId),
    deployment: async (name) => parsed(sql.get<Doc>('SELECT doc FROM deployments WHERE name = ?', name)),
    silences: async (now) => lists.silences.list(now),
    overrides: async (now) => lists.overrides.list(now),
    serving: async (source) => parsed(sql.get<Doc>('SELECT doc FROM serving WHERE source = ?', keyText(source))),
    trainings: async (source) =>
      parsedAll<TrainingRecord>(sql.all<Doc>('SELECT doc FROM trainings WHERE source = ?', keyText(source))).sort((a, b) =>
        a.modelVersion < b.modelVersion ? -1 : 1,
      ),
    training: async (source, modelVersion) =>
      parsed<TrainingRecord>(sql.get<Doc>(oneTraining, ...trainingKey(source, modelVersion))),
    async trainingFeatures({ source, modelVersion, version }) {
      const key = trainingKey(source, modelVersion);
      if (parsed<TrainingRecord>(sql.get<Doc>(oneTraining, ...key))?.version !== version) return undefined;
      const text = 'SELECT doc FROM training_parts WHERE source = ? AND model_version = ? ORDER BY part';
      const parts = parsedAll<TrainingFeatures>(sql.all<Doc>(text, ...key));
      return Object.fromEntries(parts.flatMap((part) => Object.entries(part)));
    },
  };
}

/** The repeats that a commit consists of; undefined where there is more to it. */
function repeatsOnly({ writes, timeline, effects, done }: Commit): Extract<Write, { kind: 'alert' }>[] | undefined {
  if (writes.length === 0 || timeline.length + effects.length + done.length > 0) return undefined;
  const repeats = writes.filter((write) => write.kind === 'alert' && write.repeat === true);
  return repeats.length === writes.length ? (repeats as Extract<Write, { kind: 'alert' }>[]) : undefined;
}

const oneTraining = 'SELECT doc FROM trainings WHERE source = ? AND model_version = ?';
const trainingKey = (source: string, modelVersion: string): [string, string] => [keyText(source), keyText(modelVersion)];

function writeTraining(sql: Sql, { value, expected, parts }: Extract<Write, { kind: 'training' }>): boolean {
  const key = trainingKey(value.source, value.modelVersion);
  const doc = JSON.stringify(value);
  const written =
    expected === 0
      ? sql.run(
          'INSERT OR IGNORE INTO trainings (source, model_version, version, doc) VALUES (?, ?, ?, ?)',
          ...key,
          value.version,
          doc,
        )
      : sql.run(
          'UPDATE trainings SET version = ?, doc = ? WHERE source = ? AND model_version = ? AND version = ?',
          value.version,
          doc,
          ...key,
          expected,
        );
  if (written === 0) return false;
  dropParts(sql, key);
  for (const [n, part] of parts.entries()) {
    sql.run('INSERT INTO training_parts (source, model_version, part, doc) VALUES (?, ?, ?, ?)', ...key, n, JSON.stringify(part));
  }
  return true;
}

function dropTraining(sql: Sql, { source, modelVersion, expected }: Extract<Write, { kind: 'training gone' }>): boolean {
  const key = trainingKey(source, modelVersion);
  dropParts(sql, key);
  return sql.run('DELETE FROM trainings WHERE source = ? AND model_version = ? AND version = ?', ...key, expected) === 1;
}

const dropParts = (sql: Sql, key: [string, string]): void =>
  void sql.run('DELETE FROM training_parts WHERE source = ? AND model_version = ?', ...key);

/** false: something was not as the decision had found it, and nothing may stand. */
function writeAll(sql: Sql, changes: Changes, { writes, timeline, effects, done }: Commit): boolean {
  for (const write of writes) if (!writeOne(sql, changes, write)) return false;
  if (!insertEntries(sql, timeline)) return false;
  for (const effect of effects) if (!insertEffect(sql, effect)) return false;
  for (const id of done) sql.run('UPDATE effects SET done = 1 WHERE id = ?', id);
  return true;
}

function writeOne(sql: Sql, { alerts, incidents, silences, overrides }: Changes, write: Write): boolean {
  switch (write.kind) {
    case 'incident':
      return incidents.put(write);
    case 'latest':
      return incidents.putLatest(write);
    case 'alert':
      return alerts.put(write);
    case 'alert gone':
      return alerts.remove(write);
    case 'training':
      return writeTraining(sql, write);
    case 'training gone':
      return dropTraining(sql, write);
    case 'serving':
      return put(sql, 'serving', 'source', keyText(write.value.source), write);
    case 'deployment':
      return put(sql, 'deployments', 'name', write.value.name, write);
    case 'silence':
      return silences.put(write);
    case 'override':
      return overrides.put(write);
  }
}

function put(
  sql: Sql,
  table: string,
  key: string,
  id: string,
  { value, expected }: { value: { version: number }; expected: number },
): boolean {
  const doc = JSON.stringify(value);
  return expected === 0
    ? sql.run(`INSERT OR IGNORE INTO ${table} (${key}, version, doc) VALUES (?, ?, ?)`, id, value.version, doc) === 1
    : sql.run(`UPDATE ${table} SET version = ?, doc = ? WHERE ${key} = ? AND version = ?`, value.version, doc, id, expected) ===
        1;
}

function insertEffect(sql: Sql, effect: Effect): boolean {
  const notBefore = effect.kind === 'wake' ? effect.at : effect.createdAt;
  const text =
    'INSERT OR IGNORE INTO effects (id, created_at, not_before, due_at, priority, lane, receiver, doc) VALUES (?, ?, ?, ?, ?, ?, ?, ?)';
  const where = [priorityOf(effect), laneOf(effect), receiverOf(effect)] as const;
  return sql.run(text, effect.id, effect.createdAt, notBefore, notBefore, ...where, JSON.stringify(effect)) === 1;
}
