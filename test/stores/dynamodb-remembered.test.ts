import { expect, it } from 'vitest';
import type { Item } from '../../stores/dynamodb/items.ts';
import { remembered } from '../../stores/dynamodb/remembered.ts';

const item = (id: string, version: number, doc = `{"id":"${id}","version":${version}}`): Item => ({
  pk: id,
  sk: 'alert',
  version,
  doc,
});

function counting() {
  const decoded: string[] = [];
  const read = remembered(async ({ doc }: Item) => {
    decoded.push(String(doc));
    return doc === 'damaged' ? undefined : (JSON.parse(String(doc)) as { id: string; version: number });
  });
  return { read, decoded: () => decoded.splice(0).length };
}

it('an item that is as it was is not decoded again, and one that changed is', async () => {
  const { read, decoded } = counting();
  const first = await read([item('a', 1), item('b', 1)]);
  expect(decoded()).toBe(2);
  const second = await read([item('a', 1), item('b', 2), item('c', 1)]);
  expect(decoded()).toBe(2);
  expect(second).toEqual([first[0], { id: 'b', version: 2 }, { id: 'c', version: 1 }]);
  // Of another version beside the same text, it is for the decoder to say what is wrong.
  await read([item('a', 2, '{"id":"a","version":1}')]);
  expect(decoded()).toBe(1);
});

it('what left the list is forgotten, and what does not decode is looked at again', async () => {
  const { read, decoded } = counting();
  await read([item('a', 1)]);
  await read([]);
  await read([item('a', 1)]);
  expect(decoded()).toBe(2);
  expect(await read([item('d', 1, 'damaged')])).toEqual([]);
  expect(await read([item('d', 1, 'damaged')])).toEqual([]);
  expect(decoded()).toBe(2);
});

it('of a list without end only so much is remembered', async () => {
  const { read, decoded } = counting();
  const items = Array.from({ length: 6000 }, (_, n) => item(`${n}`, 1));
  await read(items);
  decoded();
  expect(await read(items)).toHaveLength(6000);
  expect(decoded()).toBe(1000);
});
