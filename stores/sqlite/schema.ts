import { laneOf, priorityOf, receiverOf } from '../../core/response/outbox/lanes.ts';
import { storedEffect } from '../../core/response/outbox/stored-effect.ts';
import type { Sql } from './sql.ts';

/** Grows with every change of the tables; stored in the file's `user_version`. */
export const schemaVersion = 27;

/** Marks a file as Tocsin's (`Tocs`), so that no other program's database is ever written to. */
export const applicationId = 0x546f6373;

/** What model versions were trained on, and which are served. */
const trainings = `
CREATE TABLE serving (source TEXT PRIMARY KEY, version INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE trainings (source TEXT NOT NULL, model_version TEXT NOT NULL, version INTEGER NOT NULL, doc TEXT NOT NULL,
  PRIMARY KEY (source, model_version)) WITHOUT ROWID;
CREATE TABLE training_parts (source TEXT NOT NULL, model_version TEXT NOT NULL, part INTEGER NOT NULL, doc TEXT NOT NULL,
  PRIMARY KEY (source, model_version, part)) WITHOUT ROWID;
`;

/**
 * Incidents, entries and alerts. They have a rowid, so that documents are appended and only a small
 * index is in key order: keys are digests, and a table clustered by them would cost about a page
 * write per document (docs/adr/0024). Alerts have no index: the file's owner knows their places
 * (docs/adr/0025). Consecutive entries of an incident, from `n` up to `until`, share a row.
 */
const incidents = `
CREATE TABLE incidents (id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, resolved INTEGER NOT NULL, opened_at INTEGER NOT NULL,
  next_step_at INTEGER, doc TEXT NOT NULL);
CREATE INDEX incidents_by_time ON incidents (opened_at DESC, id DESC);
CREATE INDEX incidents_by_status ON incidents (resolved, opened_at DESC, id DESC);
CREATE INDEX incidents_due ON incidents (next_step_at, id) WHERE next_step_at IS NOT NULL;
`;
const entriesAndAlerts = `
CREATE TABLE timeline (incident_id TEXT NOT NULL, version INTEGER NOT NULL, n INTEGER NOT NULL, until INTEGER NOT NULL, doc TEXT NOT NULL,
  PRIMARY KEY (incident_id, version, n));
CREATE TABLE alerts (place INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL, version INTEGER NOT NULL, doc TEXT NOT NULL);
`;

/** In the order in which it is read. */
const auditLog = `
CREATE TABLE audit_log (at INTEGER NOT NULL, id TEXT NOT NULL, doc TEXT NOT NULL, PRIMARY KEY (at, id)) WITHOUT ROWID;
`;

/** Up to version 10 the audit log was a timeline, in a form that is no longer read. */
const withAuditLog = `
${auditLog}
DELETE FROM timeline WHERE incident_id = 'audit-log';
`;

/** Marks of batches that may be resent. */
const batches = `
CREATE TABLE batches (id TEXT PRIMARY KEY, version INTEGER NOT NULL, expires_at INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX batches_expire ON batches (expires_at);
`;

/** Up to version 7 a mark was only a body's digest, which matches no batch of today. */
const withMarks = `
DROP TABLE batches;
${batches}
`;

/** Up to version 5 they were clustered by key. The indexes go with the old tables. */
const withRowids = `
ALTER TABLE incidents RENAME TO incidents_5;
DROP INDEX incidents_by_time;
DROP INDEX incidents_by_status;
DROP INDEX incidents_due;
${incidents}
INSERT INTO incidents SELECT id, version, resolved, opened_at, next_step_at, doc FROM incidents_5 ORDER BY opened_at;
DROP TABLE incidents_5;
`;

/** Up to version 6 each entry was a row, and alerts had an index. */
const withRuns = `
ALTER TABLE timeline RENAME TO timeline_6;
ALTER TABLE alerts RENAME TO alerts_6;
${entriesAndAlerts}
INSERT INTO timeline SELECT incident_id, version, n, n + 1, '[' || doc || ']' FROM timeline_6;
INSERT INTO alerts (fingerprint, version, doc) SELECT fingerprint, version, doc FROM alerts_6;
DROP TABLE timeline_6;
DROP TABLE alerts_6;
`;

/** Rows that did not decode, unchanged: `others` holds the columns beside the document, as JSON. */
const quarantine = `
CREATE TABLE quarantine (place INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, reason TEXT NOT NULL, urgent INTEGER NOT NULL,
  told_at INTEGER, others TEXT NOT NULL, doc TEXT NOT NULL);
CREATE INDEX quarantine_by_id ON quarantine (kind, id);
`;

/** Up to version 9 there was no quarantine, and a training part held only features. */
const withQuarantine = `
${quarantine}
UPDATE training_parts SET doc = '{"features":' || doc || '}';
`;

/**
 * Up to version 11 the bins of profiles were 2 % of a number's size, and cannot be turned into
 * others.
 */
const withBinsOfSpread = `
DELETE FROM buckets WHERE series_id IN (SELECT id FROM series WHERE metric = 'profile' OR metric LIKE 'profile by %');
`;

/**
 * The history of judgements, clustered by series and time. `level` is the place in `historyLevels`.
 */
const judgementHistory = `
CREATE TABLE judgement_history (fingerprint TEXT NOT NULL, level INTEGER NOT NULL, at INTEGER NOT NULL, judged_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL, doc TEXT NOT NULL, PRIMARY KEY (fingerprint, level, at, judged_at)) WITHOUT ROWID;
CREATE INDEX judgement_history_expires ON judgement_history (expires_at);
`;

/** What people accepted as the normal of a series. */
const acceptedBaselines = `
CREATE TABLE accepted_baselines (fingerprint TEXT PRIMARY KEY, version INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID;
`;

/** On which devices people take pages. */
const devices = `
CREATE TABLE devices (responder TEXT PRIMARY KEY, version INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID;
`;

/** What was deployed, switched or altered, as others said. */
const changes = `
CREATE TABLE changes (id TEXT PRIMARY KEY, version INTEGER NOT NULL, at INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX changes_by_time ON changes (at DESC, id DESC);
`;

/** What jobs reported of their runs. */
const heartbeats = `
CREATE TABLE heartbeats (name TEXT PRIMARY KEY, version INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID;
`;

/**
 * Due effects are found by priority and time; lane and receiver are in the index, so that busy ones
 * are skipped there.
 */
const effectIndexes = `
CREATE INDEX effects_due ON effects (priority, due_at, created_at, place, lane, receiver) WHERE done = 0;
CREATE INDEX effects_by_lane ON effects (lane, created_at, place) WHERE done = 0;
`;

/**
 * Records are JSON in `doc`; a column beside it exists for look-ups, order or conditions.
 *
 * `resolved` of an incident is 0 or 1, and 2 for a tenant's, which is then in neither list.
 *
 * A bucket's numbers are columns, because an evaluation reads 600,000 of them: `count` and n1 to
 * n5, which are sum, min, max, last and lastAt of values, or labelled, correct, positive, scored
 * and scoreSum of predictions. `features` is JSON for predictions, otherwise null; `detail` is JSON
 * of what only some predictions have, or a whole profile, and null for values. Buckets cluster by
 * series and time: one read is one range.
 */
const tables = `
CREATE TABLE latest_incidents (group_key TEXT PRIMARY KEY, incident_id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE deployments (name TEXT PRIMARY KEY, version INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE silences (id TEXT PRIMARY KEY, version INTEGER NOT NULL, until INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE overrides (id TEXT PRIMARY KEY, version INTEGER NOT NULL, until INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID;

-- due_at is the end of the lease while one is held, else not_before. place keeps effects of one decision in their order.
CREATE TABLE effects (place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL, not_before INTEGER NOT NULL,
  due_at INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, first_tried_at INTEGER, last_error TEXT,
  done INTEGER NOT NULL DEFAULT 0, doc TEXT NOT NULL, priority INTEGER NOT NULL, lane TEXT NOT NULL, receiver TEXT NOT NULL);
${effectIndexes}
CREATE INDEX effects_done ON effects (created_at) WHERE done = 1;
CREATE TABLE page_slots (key TEXT PRIMARY KEY, at INTEGER NOT NULL, critical_at INTEGER) WITHOUT ROWID;

CREATE TABLE waiting (key TEXT PRIMARY KEY, state TEXT NOT NULL, expires_at INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX waiting_expire ON waiting (expires_at);
CREATE TABLE series (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, source TEXT NOT NULL, metric TEXT NOT NULL, doc TEXT NOT NULL);
CREATE INDEX series_of_metric ON series (source, metric);
CREATE TABLE buckets (series_id INTEGER NOT NULL, start INTEGER NOT NULL, expires_at INTEGER NOT NULL, count REAL, n1 REAL, n2 REAL,
  n3 REAL, n4 REAL, n5 REAL, features TEXT, detail TEXT, PRIMARY KEY (series_id, start)) WITHOUT ROWID;
CREATE INDEX buckets_expire ON buckets (expires_at);

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`;

/** From version 5 to 8 effects were indexed by medium. */
const effectMedia = `
ALTER TABLE effects ADD COLUMN medium TEXT NOT NULL DEFAULT 'terminal';
UPDATE effects SET medium = iif(doc ->> 'kind' = 'page', coalesce((SELECT contact.key
  FROM json_each(effects.doc -> ('$.contacts[' || (effects.doc ->> 'contactIndex') || ']')) AS contact
  WHERE contact.key IN ('slack', 'sns', 'webhook', 'terminal')), 'terminal'), doc ->> 'kind') WHERE done = 0;
CREATE INDEX effects_due_by_medium ON effects (medium, due_at, created_at, place) WHERE done = 0;
`;

/** Up to version 8 effects had no priority or lane. Done effects are never searched by them. */
function withLanes(sql: Sql): void {
  sql.exec(`
DROP INDEX effects_due_by_medium;
DROP INDEX effects_due;
ALTER TABLE effects DROP COLUMN medium;
ALTER TABLE effects ADD COLUMN priority INTEGER NOT NULL DEFAULT 3;
ALTER TABLE effects ADD COLUMN lane TEXT NOT NULL DEFAULT '';
ALTER TABLE effects ADD COLUMN receiver TEXT NOT NULL DEFAULT '';
ALTER TABLE page_slots ADD COLUMN critical_at INTEGER;
`);
  for (const { place, doc } of sql.all<{ place: number; doc: string }>('SELECT place, doc FROM effects WHERE done = 0')) {
    const decoded = storedEffect.decode(doc);
    // Unreadable ones stay in the last lane, where a reader finds them.
    if (!decoded.ok) continue;
    const effect = decoded.value;
    const text = 'UPDATE effects SET priority = ?, lane = ?, receiver = ? WHERE place = ?';
    sql.run(text, priorityOf(effect), laneOf(effect), receiverOf(effect), place);
  }
  sql.exec(effectIndexes);
}

/** Steps from each version of the tables to the next; the first makes version 2. */
const steps = [
  'ALTER TABLE buckets ADD COLUMN detail TEXT',
  'CREATE TABLE overrides (id TEXT PRIMARY KEY, version INTEGER NOT NULL, until INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID',
  trainings,
  effectMedia,
  withRowids,
  withRuns,
  withMarks,
  withLanes,
  withQuarantine,
  withAuditLog,
  withBinsOfSpread,
  // The tables stay; silences have matchers with operators, which an older Tocsin could not read.
  '',
  // Incidents and alerts may have the severity `info`.
  '',
  acceptedBaselines,
  // Incidents, entries and pages may say that an incident flaps.
  '',
  // The bins of scores follow their spread; each bucket is upgraded when it is read.
  '',
  // The audit log tells of records that come back from quarantine, or are dropped from there.
  '',
  // Effects and the audit log may be about digests.
  '',
  judgementHistory,
  // Kinds of effects and posted messages have other names.
  '',
  // The audit log tells of test pages.
  '',
  // Entries may be notes of people.
  '',
  devices,
  // Buckets of samples may keep how their values are spread, and readings of counters.
  '',
  changes,
  heartbeats,
];

/** Upgrades the tables of an older file. Call in a transaction. */
export function upgradeTables(sql: Sql, version: number): void {
  for (const step of steps.slice(version - 1)) {
    if (typeof step === 'string') sql.exec(step);
    else step(sql);
  }
  sql.exec(`PRAGMA user_version = ${schemaVersion}`);
}

/** Creates the tables in an empty file. Call in a transaction. */
export function createTables(sql: Sql): void {
  sql.exec(
    incidents +
      entriesAndAlerts +
      auditLog +
      batches +
      tables +
      trainings +
      acceptedBaselines +
      devices +
      changes +
      heartbeats +
      judgementHistory +
      quarantine,
  );
  sql.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion}`);
}
