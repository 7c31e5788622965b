/** Raised when an older Tocsin could not read the file. */
export const telemetryVersion = 2;

/**
 * `inbox`: bodies that were answered and are not in the other tables yet; they are folded again at
 * a start. `owner`: what all streams of a metric of a scope share, once; runs of it that started
 * before `since` may have been counted.
 */
export const schema = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS inbox (
  id INTEGER PRIMARY KEY, source TEXT NOT NULL, at INTEGER NOT NULL, format TEXT NOT NULL, compressed INTEGER NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS owner (id INTEGER PRIMARY KEY, source TEXT NOT NULL, key TEXT NOT NULL, since REAL, UNIQUE (source, key)) STRICT;
CREATE TABLE IF NOT EXISTS series (id INTEGER PRIMARY KEY, source TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (source, key)) STRICT;
CREATE TABLE IF NOT EXISTS stream (
  owner INTEGER NOT NULL, key TEXT NOT NULL, series INTEGER NOT NULL, seen_at INTEGER NOT NULL, state TEXT NOT NULL,
  PRIMARY KEY (owner, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bucket (
  series INTEGER NOT NULL, start INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (series, start)
) STRICT, WITHOUT ROWID;
`;

/** Version 1 had keys of any length; what it holds cannot be told apart by the keys of today. */
export const beginAnew = ['meta', 'inbox', 'owner', 'series', 'stream', 'bucket']
  .map((table) => `DROP TABLE IF EXISTS ${table};`)
  .join(' ');
