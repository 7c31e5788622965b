import type { Store } from '../../app/ports/store.ts';
import { isOlderChange, newestChangeFirst } from '../../core/telemetry/changes/change.ts';
import { listedAt, never, newestBelow } from './indexes.ts';
import { keys } from './items.ts';
import type { Quarantine } from './quarantine.ts';
import { itemReaders, readersOf } from './records.ts';
import type { Table } from './table.ts';

/** What was changed, as others said: found by id, and listed by time. */
export function changes(table: Table, quarantine: Quarantine): Pick<Store, 'changesOf' | 'changes'> {
  const { changeIn } = itemReaders(quarantine);
  const { readAll } = readersOf(table);
  return {
    async changesOf(ids) {
      const items = await table.getAll(ids.map(keys.change));
      return Promise.all(items.map((item) => (item === undefined ? undefined : changeIn(item))));
    },
    async changes({ limit, since = 0, before }) {
      const items = await Promise.all([
        newestBelow(table, 'change', before?.at ?? never, limit),
        before === undefined ? [] : listedAt(table, 'change', before.at),
      ]);
      const read = await readAll(items.flat(), changeIn);
      return read
        .filter((one) => one.at >= since && (before === undefined || isOlderChange(one, before)))
        .sort(newestChangeFirst)
        .slice(0, limit);
    },
  };
}
