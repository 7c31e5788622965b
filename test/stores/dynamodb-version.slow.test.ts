import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { StoreVersionError } from '../../app/ports/store-errors.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import { dynamodbStore, recordsVersions } from '../../stores/dynamodb/index.ts';
import { keys } from '../../stores/dynamodb/items.ts';
import { recordsVersion } from '../../stores/dynamodb/version.ts';
import { createTable, type Dynamodb, startDynamodb, whyNoDynamodb } from '../contract/dynamodb.ts';
import { committed, exampleIncident, newIncident } from '../contract/store-examples.ts';

const missing = await whyNoDynamodb();

describe.runIf(missing === undefined)('the version of a table', () => {
  let dynamodb: Dynamodb;
  let tables = 0;
  let table = '';
  beforeAll(async () => {
    dynamodb = await startDynamodb();
  });
  afterAll(() => dynamodb?.stop());
  beforeEach(async () => {
    tables += 1;
    table = `versioned-${tables}`;
    await createTable(dynamodb.client, table);
  });

  const Key = { pk: { S: keys.version.pk }, sk: { S: keys.version.sk } };
  const mark = async (version: number) =>
    dynamodb.client.send(new PutItemCommand({ TableName: table, Item: { ...Key, version: { N: String(version) } } }));
  const marked = async () => (await dynamodb.client.send(new GetItemCommand({ TableName: table, Key }))).Item?.['version']?.N;
  const store = (marks = true) => dynamodbStore({ client: dynamodb.client, table, marks });

  it('is written by the first store that marks, and only looked at by the others', async () => {
    await store(false).alerts();
    expect(await marked()).toBeUndefined();
    await store().alerts();
    expect(await marked()).toBe(String(recordsVersion));
    expect(await recordsVersions(dynamodb.client, table)).toEqual({ found: recordsVersion, known: recordsVersion });
  });

  it('moves on from an older one, whose records stay', async () => {
    await committed(store(), { writes: [newIncident(exampleIncident())] });
    await mark(recordsVersion - 1);
    expect(await store().incident(asIncidentId('inc-1'))).toBeDefined();
    expect(await marked()).toBe(String(recordsVersion));
  });

  it('is never moved back: over a newer one every call is refused with what to do, and nothing is changed', async () => {
    await committed(store(), { writes: [newIncident(exampleIncident())] });
    await mark(recordsVersion + 1);
    const older = store();
    const calls = [
      older.incident(asIncidentId('inc-1')),
      older.alerts(),
      older.setMeta('tick', '1'),
      older.dueEffects(1, 1),
      older.commit({
        writes: [newIncident(exampleIncident({ id: asIncidentId('inc-2') }))],
        timeline: [],
        effects: [],
        done: [],
      }),
    ];
    for (const call of calls) {
      await expect(call).rejects.toBeInstanceOf(StoreVersionError);
      await expect(call).rejects.toThrow(
        new RegExp(
          `version ${recordsVersion + 1}, written by a newer Tocsin; this one knows up to ${recordsVersion}.*deploy that version or a newer`,
        ),
      );
    }
    expect(await marked()).toBe(String(recordsVersion + 1));
    await older.close();
  });

  it('is looked at again: a store that was there before the upgrade stops within a minute, and goes on once it is right', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const one = store();
      await one.alerts();
      await mark(recordsVersion + 1);
      expect(await one.alerts()).toEqual([]);
      vi.advanceTimersByTime(60_000);
      await expect(one.alerts()).rejects.toBeInstanceOf(StoreVersionError);
      await mark(recordsVersion);
      await expect(one.alerts()).rejects.toBeInstanceOf(StoreVersionError);
      vi.advanceTimersByTime(5000);
      expect(await one.alerts()).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('that could not be read is no answer: the next call asks again', async () => {
    const client = Object.create(dynamodb.client) as typeof dynamodb.client;
    client.middlewareStack = dynamodb.client.middlewareStack.clone();
    let failing = true;
    client.middlewareStack.add((next) => (args) => (failing ? Promise.reject(new Error('throttled')) : next(args)), {
      step: 'initialize',
      name: 'throttled',
    });
    const one = dynamodbStore({ client, table });
    await expect(one.alerts()).rejects.toThrow('throttled');
    failing = false;
    expect(await one.alerts()).toEqual([]);
  });
});

if (missing !== undefined) it('the version of a table', ({ skip }) => skip(missing));
