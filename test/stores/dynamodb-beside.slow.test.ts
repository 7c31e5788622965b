import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactionConflictException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asEffectId } from '../../core/vocabulary/ids.ts';
import { tableKeys } from '../../core/vocabulary/table-keys.ts';
import { dynamodbStore } from '../../stores/dynamodb/index.ts';
import { tableOf } from '../../stores/dynamodb/table.ts';
import { createTable, type Dynamodb, startDynamodb, whyNoDynamodb } from '../contract/dynamodb.ts';
import { streamOf } from '../contract/dynamodb-stream.ts';
import { namesIn, refuseOverlap } from '../contract/dynamodb-strict.ts';
import { commitOf, committed, exampleIncident, examplePageEffect, exampleWake, newIncident } from '../contract/store-examples.ts';

const missing = await whyNoDynamodb();
const table = 'beside';
const key = (pk: string) => ({ pk: { S: pk }, sk: { S: 'one' } });
const nameOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'taken',
    (error: Error) => error.name,
  );

/** The client, with something in the place of the answer of one kind of call. */
function answering(
  client: DynamoDBClient,
  command: string,
  answer: (next: () => Promise<unknown>, input: unknown) => unknown,
): DynamoDBClient {
  const changed = Object.create(client) as DynamoDBClient;
  changed.middlewareStack = client.middlewareStack.clone();
  changed.middlewareStack.add(
    (next, context) => async (args) => {
      const given = context.commandName === command ? await answer(() => next(args), args.input) : await next(args);
      return given as Awaited<ReturnType<typeof next>>;
    },
    { step: 'initialize', name: 'answering' },
  );
  return changed;
}

describe.runIf(missing === undefined)('beside the contract', () => {
  let dynamodb: Dynamodb;
  beforeAll(async () => {
    dynamodb = await startDynamodb();
    await createTable(dynamodb.client, table);
  });
  afterAll(() => dynamodb?.stop());

  describe('what the store relies on is honoured', () => {
    const put = (pk: string, condition?: string) => ({
      Put: { TableName: table, Item: key(pk), ConditionExpression: condition },
    });
    const transact = (...items: { Put: unknown }[]) =>
      dynamodb.client.send(new TransactWriteItemsCommand({ TransactItems: items as never }));
    const isThere = async (pk: string) =>
      (await dynamodb.client.send(new GetItemCommand({ TableName: table, Key: key(pk), ConsistentRead: true }))).Item !==
      undefined;

    it('a transaction is all or nothing, and says of each action whether its condition failed', async () => {
      const cancelled = await transact(put('a'), put('b', 'attribute_exists(pk)'), put('c', 'attribute_exists(pk)')).catch(
        ({ CancellationReasons }) => CancellationReasons.map(({ Code }: { Code: string }) => Code),
      );
      expect(cancelled).toEqual(['None', 'ConditionalCheckFailed', 'ConditionalCheckFailed']);
      expect(await isThere('a')).toBe(false);
    });

    it.each<[string, () => Promise<unknown>]>([
      ['two actions on one item', () => transact(put('d'), put('d'))],
      ['101 actions', () => transact(...Array.from({ length: 101 }, (_, n) => put(`e${n}`)))],
      [
        'a consistent read of an index',
        () =>
          dynamodb.client.send(
            new QueryCommand({
              TableName: table,
              IndexName: tableKeys.dueIndex.name,
              ConsistentRead: true,
              KeyConditionExpression: 'dueOf = :of',
              ExpressionAttributeValues: { ':of': { S: 'x' } },
            }),
          ),
      ],
      [
        'the same key twice in a batch',
        () => dynamodb.client.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys: [key('f'), key('f')] } } })),
      ],
      [
        'a value that no expression uses',
        () =>
          dynamodb.client.send(
            new UpdateItemCommand({
              TableName: table,
              Key: key('g'),
              UpdateExpression: 'SET a = :a',
              ExpressionAttributeValues: { ':a': { S: 'x' }, ':b': { S: 'y' } },
            }),
          ),
      ],
      [
        'a reserved word as a name',
        () =>
          dynamodb.client.send(
            new UpdateItemCommand({
              TableName: table,
              Key: key('h'),
              UpdateExpression: 'SET ttl = :a',
              ExpressionAttributeValues: { ':a': { N: '1' } },
            }),
          ),
      ],
      [
        'an item of more than 400 kB',
        () =>
          dynamodb.client.send(new PutItemCommand({ TableName: table, Item: { ...key('i'), doc: { S: 'x'.repeat(410_000) } } })),
      ],
      [
        'a text where an index has numbers',
        () =>
          dynamodb.client.send(
            new PutItemCommand({ TableName: table, Item: { ...key('j'), dueOf: { S: 'x' }, dueAt: { S: 'soon' } } }),
          ),
      ],
    ])('%s is refused', async (_, call) => {
      expect(await nameOf(call())).toBe('ValidationException');
    });

    it('the stream shows each effect that a commit wrote, and nothing of one that lost', async () => {
      await createTable(dynamodb.client, 'streamed');
      const store = dynamodbStore({ client: dynamodb.client, table: 'streamed' });
      await committed(store, { writes: [newIncident(exampleIncident())], effects: [examplePageEffect(), exampleWake()] });
      const late = commitOf({
        writes: [newIncident(exampleIncident())],
        effects: [examplePageEffect({ id: asEffectId('inc-1#9#0') })],
      });
      expect(await store.commit(late)).toBe('conflict');
      const effects = (await streamOf(dynamodb, 'streamed')).filter(({ image }) => image?.['type']?.S === 'effect');
      expect(effects.map(({ event, image }) => `${event} ${image?.['pk']?.S}`)).toEqual([
        'INSERT effect#inc-1#1#0',
        'INSERT effect#inc-1#1#1',
      ]);
    });
  });

  describe('what DynamoDB does and the stand-in never does is met', () => {
    it('a batch that is answered in parts is asked for until it is whole', async () => {
      const pks = ['p1', 'p2', 'p3', 'p4', 'p5'];
      for (const pk of pks) await dynamodb.client.send(new PutItemCommand({ TableName: table, Item: key(pk) }));
      let calls = 0;
      const client = answering(dynamodb.client, 'BatchGetItemCommand', async (next, input) => {
        calls += 1;
        const request = (input as { RequestItems: Record<string, { Keys: unknown[] }> }).RequestItems[table];
        const left = request?.Keys.splice(2) ?? [];
        const given = (await next()) as { output: Record<string, unknown> };
        if (left.length > 0) given.output['UnprocessedKeys'] = { [table]: { Keys: left } };
        return given;
      });
      const found = await tableOf(client, table).getAll(pks.map((pk) => ({ pk, sk: 'one' })));
      expect(found.map((item) => item?.['pk'])).toEqual(pks);
      expect(calls).toBe(3);
    });

    it('a transaction that crosses another one is a lost race, not a failure', async () => {
      const client = answering(dynamodb.client, 'TransactWriteItemsCommand', () => {
        const CancellationReasons = [{ Code: 'TransactionConflict' }, { Code: 'None' }];
        throw new TransactionCanceledException({ $metadata: {}, message: 'cancelled', CancellationReasons });
      });
      const outcome = await tableOf(client, table).transact([{ put: { pk: 'q', sk: 'one' } }, { put: { pk: 'r', sk: 'one' } }]);
      expect(outcome).toEqual({ stands: false, failed: [], crossed: true });
    });

    it('an update that crosses a transaction is made again', async () => {
      let refusals = 2;
      const client = answering(dynamodb.client, 'UpdateItemCommand', (next) => {
        if (refusals-- > 0) throw new TransactionConflictException({ $metadata: {}, message: 'another write is under way' });
        return next();
      });
      const update = { UpdateExpression: 'SET a = :a', ExpressionAttributeValues: { ':a': 1 } };
      expect(await tableOf(client, table).update({ pk: 's', sk: 'one' }, update)).toBe(true);
      expect(refusals).toBe(-1);
    });
  });
});

describe('what is stricter than the stand-in', () => {
  it('finds the names of attributes in an expression, and nothing else', () => {
    expect(namesIn('pk = :pk AND begins_with(sk, :start) AND #at BETWEEN :from AND :to')).toEqual(['pk', 'sk']);
    expect(namesIn(undefined)).toEqual([]);
  });

  it('refuses an update that names an attribute twice, in one clause or in two', () => {
    for (const update of ['SET a = :a, a = :b', 'SET a = :a REMOVE a', 'SET a = if_not_exists(a, :b) ADD a :one'])
      expect(() => refuseOverlap(update)).toThrow(/names a twice/);
    for (const update of ['SET a = if_not_exists(a, :b), b = :c', 'SET dueAt = :until, notBefore = :now ADD attempts :one'])
      expect(() => refuseOverlap(update)).not.toThrow();
  });

  it('reads every expression that the store writes', () => {
    const text = readFileSync(join(import.meta.dirname, '../../stores/dynamodb/outbox.ts'), 'utf8');
    const updates = [...text.matchAll(/UpdateExpression:\s*'([^']+)'/g)].map(([, update]) => update as string);
    expect(updates.length).toBeGreaterThan(1);
    for (const update of updates) expect(() => refuseOverlap(update)).not.toThrow();
  });
});

if (missing !== undefined) it('what the DynamoDB store relies on', ({ skip }) => skip(missing));
