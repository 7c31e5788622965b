import type { HistoryOf, JudgementStore, NewHistory } from '../../app/ports/judgement-store.ts';
import type { HistoryEntry } from '../../core/alerting/judgements/history/entry.ts';
import { storedEntry } from '../../core/alerting/judgements/history/stored-entry.ts';
import { tableKeys } from '../../core/vocabulary/table-keys.ts';
import { docOf, historyPk, type Item, type Key, timeKey, ttlOf } from './items.ts';
import type { Quarantine } from './quarantine.ts';
import type { Table } from './table.ts';

const keyOf = (of: HistoryOf, { at, judgedAt }: Pick<HistoryEntry, 'at' | 'judgedAt'>): Key => ({
  pk: historyPk(of),
  sk: `${timeKey(at)}#${timeKey(judgedAt)}`,
});

/**
 * The history of judgements: an item an entry, since an update costs as much as the whole item that
 * it changes. Items expire by themselves.
 */
export function judgementHistory(table: Table, { read }: Quarantine): JudgementStore {
  const itemOf = ({ entry, expiresAt, ...of }: NewHistory): Item => ({
    ...keyOf(of, entry),
    [tableKeys.type]: storedEntry.kind,
    [tableKeys.ttl]: ttlOf(expiresAt),
    doc: docOf(storedEntry.encode(entry), `the history of ${of.fingerprint}`),
  });
  return {
    addHistory: (added) => table.putAll(added.map(itemOf)),
    async history(of, { from, to }, limit) {
      const query = {
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        // A key of `to` itself is longer than its time alone.
        ExpressionAttributeValues: { ':pk': historyPk(of), ':from': timeKey(from), ':to': timeKey(to) },
        ScanIndexForward: false,
      };
      const items = (await table.query(query, limit)).reverse();
      const entries = items.map((item) =>
        read(item, storedEntry, { kind: 'history entry', id: `${of.fingerprint} ${String(item['sk'])}` }),
      );
      return (await Promise.all(entries)).filter((one) => one !== undefined);
    },
  };
}
