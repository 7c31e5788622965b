import type { QuarantineStore } from '../../app/ports/quarantine-store.ts';
import { storedDeployment } from '../../core/remediation/deployments/stored-deployment.ts';
import { storedIncident } from '../../core/response/incidents/stored-incident.ts';
import type { Quarantined } from '../../core/selfcheck/quarantine/quarantined.ts';
import { unreadable } from '../../core/selfcheck/quarantine/readable.ts';
import { storedSummary } from '../../core/telemetry/samples/stored-summary.ts';
import type { Decoded, StoredKind, StoredRecord, Undecodable } from '../../core/vocabulary/stored-record.ts';
import { decodeAs } from '../../core/vocabulary/stored-record.ts';
import { tableKeys } from '../../core/vocabulary/table-keys.ts';
import { auditItem } from './audit-item.ts';
import { docText, type Item, type Key, keys, keyText } from './items.ts';
import type { Action, Table } from './table.ts';

/** An item for people, and whether somebody is waiting for it. */
export type Known = { kind: StoredKind; id: string; urgent?: boolean };

export type Quarantine = {
  /** The record of an item; undefined: it did not decode and was quarantined. */
  read<T extends object>(
    item: Item,
    record: Decoder<T>,
    known: Known,
    expected?: Expected<T>,
    standIn?: Item,
  ): Promise<T | undefined>;
  /** Quarantines an item, with the reason. */
  setAside(item: Item, known: Known, reason: Undecodable, standIn?: Item): Promise<void>;
  calls: QuarantineStore;
};

type Decoder<T> = Pick<StoredRecord<T>, 'kind' | 'decode'>;
type Expected<T> = Partial<Record<keyof T & string, string | number>>;

const { pk: partition } = keys.quarantined('');
/** Leaves room for what an entry adds, under DynamoDB's 400 kB limit. */
const maxReason = 300;

/**
 * Items that do not decode move unchanged into their own partition and no longer expire.
 * `lookAgain` throws if a newer Tocsin has taken over the table meanwhile: its records must not be
 * quarantined.
 */
export function quarantine(
  table: Table,
  { lookAgain, setsAside }: { lookAgain: () => Promise<void>; setsAside: boolean },
): Quarantine {
  /**
   * Could not be moved (permission or throughput): this process reports it, and will find it again.
   */
  const unmoved = new Map<string, Quarantined>();
  const entries = (): Promise<Item[]> =>
    table.query({ KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': partition }, ConsistentRead: true });
  const of = (items: readonly Item[], kind: StoredKind, id: string): Item[] =>
    items.filter((item) => item['kind'] === kind && item['id'] === id);

  async function setAside(item: Item, { kind, id, urgent = false }: Known, reason: Undecodable, standIn?: Item): Promise<void> {
    if (reason.by === 'newer') await lookAgain();
    const place = `${kind}#${keyText(id)}`;
    const text = reason.text.slice(0, maxReason);
    const entry: Item = {
      ...keys.quarantined(`${place}#${Date.now()}`),
      [tableKeys.type]: 'quarantined',
      kind,
      id,
      reason: text,
      urgent,
      item,
    };
    // If somebody rewrote it meanwhile, it is repaired.
    const field = ['doc', 'fact', 'paged'].find((one) => item[one] !== undefined);
    const condition = field === undefined ? 'attribute_exists(pk) AND attribute_not_exists(doc)' : `${field} = :was`;
    const values = field === undefined ? {} : { values: { ':was': item[field] } };
    const told: Quarantined = { ...unmoved.get(place), kind, id, reason: text, urgent };
    if (!setsAside) {
      unmoved.set(place, told);
      return;
    }
    const key = { pk: item['pk'], sk: item['sk'] } as Key;
    const gone = standIn === undefined ? { delete: key, condition, ...values } : { put: standIn, condition, ...values };
    try {
      await table.transact([{ put: entry, condition: 'attribute_not_exists(pk)' }, gone]);
      unmoved.delete(place);
    } catch {
      unmoved.set(place, told);
    }
  }

  return {
    setAside,
    async read(item, record, known, expected = {}, standIn) {
      const decoded = decodeItem(item, record, expected);
      if (decoded.ok) return decoded.value;
      await setAside(item, known, decoded.reason, standIn);
      return undefined;
    },
    calls: {
      async quarantined(limit) {
        const moved = (await entries()).sort((a, b) => (metAt(a) < metAt(b) ? -1 : 1)).map(quarantinedOf);
        return [...moved, ...unmoved.values()].slice(0, limit);
      },
      async quarantinedText(kind, id) {
        const item = of(await entries(), kind, id).at(-1)?.['item'] as Item | undefined;
        if (item === undefined) return undefined;
        const { doc: _, ...others } = item;
        return `${JSON.stringify(others)}\n${docText(item) ?? rawText(item['doc'])}`;
      },
      async quarantineNote(key, reason) {
        const item = await table.get(keys.meta(key));
        if (item !== undefined) await setAside(item, { kind: 'note', id: key }, reason);
      },
      async quarantineTold(told, at) {
        const items = await entries();
        for (const { kind, id } of told) {
          const one = unmoved.get(`${kind}#${keyText(id)}`);
          if (one !== undefined) one.toldAt ??= at;
          for (const { pk, sk } of of(items, kind, id))
            await table.update({ pk, sk } as Key, {
              UpdateExpression: 'SET toldAt = :at',
              ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(toldAt)',
              ExpressionAttributeValues: { ':at': at },
            });
        }
      },
      async dropQuarantined(kind, id, entry) {
        const dropped = of(await entries(), kind, id);
        for (const { pk, sk } of dropped) await table.transact([{ delete: { pk, sk } as Key }]);
        if (dropped.length > 0 && entry !== undefined) await table.transact([{ put: auditItem(entry) }]);
        return dropped.length > 0;
      },
      async restoreQuarantined(kind, id, audit) {
        const entry = of(await entries(), kind, id)
          .sort((a, b) => (metAt(a) < metAt(b) ? -1 : 1))
          .at(-1);
        const item = entry?.['item'] as Item | undefined;
        if (entry === undefined || item === undefined) return { outcome: 'unknown' };
        const reason = stillUnreadable(kind, item);
        if (reason !== undefined) return { outcome: 'unreadable', reason };
        const standIn = kind === 'deployment' ? await standInOf(table, item) : undefined;
        const place =
          standIn === undefined
            ? { put: item, condition: 'attribute_not_exists(pk)' }
            : { put: item, condition: 'doc = :was', values: { ':was': standIn['doc'] } };
        const leads = kind === 'incident' ? await latestAgain(table, item) : [];
        const { stands } = await table.transact([
          place,
          ...leads,
          { delete: { pk: entry['pk'], sk: entry['sk'] } as Key },
          { put: auditItem(audit) },
        ]);
        return { outcome: stands ? 'restored' : 'taken' };
      },
    },
  };
}

/** Buckets keep their sums in a document, as other records do. */
function stillUnreadable(kind: StoredKind, item: Item): string | undefined {
  if (kind === 'page slot' || kind === 'note') return undefined;
  const text = docText(item);
  if (text === undefined) return `the ${kind} has no document that can be read`;
  if (kind !== 'bucket') return unreadable(kind, text, item['version']);
  const decoded = storedSummary.decode(text);
  return decoded.ok ? undefined : decoded.reason.text;
}

/** It is the latest of its group again, unless the group has begun another one. */
async function latestAgain(table: Table, item: Item): Promise<Action[]> {
  const decoded = storedIncident.decode(docText(item) ?? '');
  if (!decoded.ok) return [];
  const { groupKey, id } = decoded.value;
  const key = keys.latestOfGroup(groupKey);
  if ((await table.get(key)) !== undefined) return [];
  return [{ put: { ...key, [tableKeys.type]: 'latest', incident: id }, condition: 'attribute_not_exists(pk)' }];
}

/** What stands in for a deployment that could not be read; it gives way to it. */
async function standInOf(table: Table, { pk, sk }: Item): Promise<Item | undefined> {
  const there = await table.get({ pk, sk } as Key);
  const text = there === undefined ? undefined : docText(there);
  const decoded = text === undefined ? undefined : storedDeployment.decode(text);
  return decoded?.ok === true && decoded.value.lost === true ? there : undefined;
}

/** The time is the last part of its key. */
const metAt = (item: Item): string => String(item['sk']).split('#').at(-1) ?? '';

const quarantinedOf = (item: Item): Quarantined => ({
  kind: item['kind'] as StoredKind,
  id: String(item['id']),
  reason: String(item['reason']),
  urgent: item['urgent'] === true,
  ...(typeof item['toldAt'] === 'number' ? { toldAt: item['toldAt'] } : {}),
});

/** Base64 for what cannot be decompressed. */
const rawText = (doc: unknown): string => (doc instanceof Uint8Array ? Buffer.from(doc).toString('base64') : String(doc ?? ''));

export function decodeItem<T extends object>(item: Item, record: Decoder<T>, expected: Expected<T> = {}): Decoded<T> {
  const text = docText(item);
  if (text === undefined)
    return { ok: false, reason: { by: 'not JSON', text: `the ${record.kind} has no document that can be read` } };
  return decodeAs(record, text, expected);
}
