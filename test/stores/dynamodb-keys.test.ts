import { expect, it } from 'vitest';
import { tableKeys } from '../../core/vocabulary/table-keys.ts';
import { keys } from '../../stores/dynamodb/items.ts';

it('every record has a key that one group of writes names, which the roles of the functions are cut by', () => {
  const example = Object.values(keys).map(
    (key) => (typeof key === 'function' ? (key as (...given: unknown[]) => { pk: string })('a', '1', '1') : key).pk,
  );
  const prefixes = Object.values(tableKeys.writes).flat();
  const groupsOf = (pk: string) => prefixes.filter((prefix) => pk.startsWith(prefix));
  expect(example.filter((pk) => groupsOf(pk).length !== 1)).toEqual([]);
});
