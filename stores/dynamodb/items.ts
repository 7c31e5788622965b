import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { HistoryOf } from '../../app/ports/judgement-store.ts';
import type { Priority } from '../../core/response/outbox/lanes.ts';
import type { Fingerprint, GroupKey } from '../../core/vocabulary/ids.ts';
import { tableKeys } from '../../core/vocabulary/table-keys.ts';

/** An item as the document client returns it. */
export type Item = Record<string, unknown>;
export type Key = { pk: string; sk: string };

/** A record exceeds DynamoDB's limit even when compressed. */
export class ItemTooLargeError extends Error {
  override name = 'ItemTooLargeError';
}

/** DynamoDB's limit is 400 kB per item, including names and index attributes. */
export const maxDocBytes = 380_000;
/** Smaller documents stay readable in the console. */
const compressedFromBytes = 50_000;

/**
 * A JSON record as one attribute, compressed if it is long. Not a map of attributes: DynamoDB's
 * numbers cannot hold every double, and its maps lose a key such as `__proto__`.
 */
export function docOf(text: string, what: string): string | Uint8Array {
  if (text.length * 3 < compressedFromBytes || Buffer.byteLength(text) < compressedFromBytes) return text;
  const bytes = gzipSync(text);
  if (bytes.length > maxDocBytes) {
    throw new ItemTooLargeError(
      `${what} takes ${bytes.length} bytes compressed, more than the ${maxDocBytes} that fit into a DynamoDB item; shorten its labels and texts, or give it fewer features`,
    );
  }
  return bytes;
}

/** The JSON of a document; undefined if absent or not decompressible. */
export function docText({ doc }: Item): string | undefined {
  if (typeof doc === 'string') return doc;
  if (!(doc instanceof Uint8Array)) return undefined;
  try {
    return gunzipSync(doc).toString('utf8');
  } catch {
    return undefined;
  }
}

/**
 * DynamoDB limits a sort key to 1,024 bytes and refuses broken surrogate pairs; such a key becomes
 * its digest.
 */
export function keyText(text: string): string {
  if (text.isWellFormed() && (text.length < 300 || Buffer.byteLength(text) < 900)) return text;
  return `sha256:${createHash('sha256').update(JSON.stringify(text)).digest('hex')}`;
}

/** A time as text with the same order, also before 1970. Clamped to what a Date can hold. */
export function timeKey(ms: number): string {
  const end = 8.64e15;
  const at = Math.max(-end, Math.min(end, Math.ceil(ms)));
  const digits = (value: number): string => String(value).padStart(16, '0');
  return at < 0 ? `-${digits(end + at)}` : `0${digits(at)}`;
}

/** TTL in seconds since the epoch; rounded up, so that nothing expires early. */
export const ttlOf = (ms: number): number => Math.ceil(ms / 1000);

/** FNV-1a: which of `shards` index partitions an item is in. */
export function shardOf(id: string, shards: number): number {
  let hash = 0x811c9dc5;
  for (let n = 0; n < id.length; n += 1) hash = Math.imul(hash ^ id.charCodeAt(n), 0x01000193);
  return (hash >>> 0) % shards;
}

/** Attributes that put an item into the due index. */
export const dueAttributes = (of: string, id: string, at: number): Item => ({
  [tableKeys.dueIndex.partition]: `${of}#${shardOf(id, tableKeys.dueShards)}`,
  [tableKeys.dueIndex.sort]: at,
});

/** Attributes that put an item into the list index. */
export const listAttributes = (of: string, id: string, at: number): Item => ({
  [tableKeys.listIndex.partition]: `${of}#${shardOf(id, tableKeys.listShards)}`,
  [tableKeys.listIndex.sort]: at,
});

/** The due list of effects of one priority. */
export const dueList = (priority: Priority): string => `${tableKeys.effectType} ${priority}`;

/** The list of a source's trainings. */
export const trainingList = (source: string): string => `training ${keyText(source)}`;

/** The list of undelivered effects of one lane. */
export const laneList = (lane: string): string => `lane ${keyText(lane)}`;

const trainingPk = (source: string, modelVersion: string): string =>
  `training#${keyText(JSON.stringify([source, modelVersion]))}`;

/** One partition: its entries are read together, and people make few. */
export const auditPk = 'audit#log';

/** One partition a series and level: a chart is one query. */
export const historyPk = ({ fingerprint, level }: Pick<HistoryOf, 'fingerprint' | 'level'>): string =>
  `history#${level}#${keyText(fingerprint)}`;

export const keys = {
  incident: (id: string): Key => ({ pk: `incident#${keyText(id)}`, sk: 'incident' }),
  timeline: (id: string, version: number): Key => ({ pk: `incident#${keyText(id)}`, sk: `timeline#${timeKey(version)}` }),
  auditEntry: (at: number, id: string): Key => ({ pk: auditPk, sk: `${timeKey(at)}#${id}` }),
  latestOfGroup: (groupKey: GroupKey): Key => ({ pk: `group#${keyText(groupKey)}`, sk: 'latest' }),
  alert: (fingerprint: Fingerprint): Key => ({ pk: `alert#${keyText(fingerprint)}`, sk: 'alert' }),
  deployment: (name: string): Key => ({ pk: `deployment#${keyText(name)}`, sk: 'deployment' }),
  silence: (id: string): Key => ({ pk: `silence#${keyText(id)}`, sk: 'silence' }),
  override: (id: string): Key => ({ pk: `override#${keyText(id)}`, sk: 'override' }),
  devices: (responder: string): Key => ({ pk: `devices#${keyText(responder)}`, sk: 'devices' }),
  heartbeat: (name: string): Key => ({ pk: `heartbeat#${keyText(name)}`, sk: 'heartbeat' }),
  serving: (source: string): Key => ({ pk: `serving#${keyText(source)}`, sk: 'serving' }),
  change: (id: string): Key => ({ pk: `change#${keyText(id)}`, sk: 'change' }),
  accepted: (fingerprint: Fingerprint): Key => ({ pk: `accepted#${keyText(fingerprint)}`, sk: 'accepted' }),
  training: (source: string, modelVersion: string): Key => ({ pk: trainingPk(source, modelVersion), sk: 'training' }),
  trainingPart: (source: string, modelVersion: string, part: number): Key => ({
    pk: trainingPk(source, modelVersion),
    sk: `part#${String(part).padStart(3, '0')}`,
  }),
  effect: (id: string): Key => ({ pk: `effect#${keyText(id)}`, sk: 'effect' }),
  pageSlot: (key: string): Key => ({ pk: `slot#${keyText(key)}`, sk: 'slot' }),
  batch: (id: string): Key => ({ pk: `batch#${keyText(id)}`, sk: 'batch' }),
  waiting: (key: string): Key => ({ pk: `waiting#${keyText(key)}`, sk: 'waiting' }),
  series: (source: string, metric: string, key: string): Key => ({
    pk: `series#${keyText(JSON.stringify([source, metric]))}`,
    sk: `series#${keyText(key)}`,
  }),
  /** Beside the series of a source, so that whoever lists series may list it. */
  metric: (source: string, metric: string): Key => ({
    pk: `series#${keyText(JSON.stringify([source]))}`,
    sk: `metric#${keyText(metric)}`,
  }),
  bucket: (seriesKey: string, start: number): Key => ({ pk: `buckets#${keyText(seriesKey)}`, sk: timeKey(start) }),
  quarantined: (place: string): Key => ({ pk: 'quarantine#all', sk: place }),
  /** The version of the records. */
  version: { pk: 'table#version', sk: 'version' } satisfies Key,
  meta: (key: string): Key => ({ pk: `meta#${keyText(key)}`, sk: 'meta' }),
};
