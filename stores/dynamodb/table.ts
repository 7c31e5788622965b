import { setTimeout as pause } from 'node:timers/promises';
import { type DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Tracer } from '../../app/ports/tracer.ts';
import type { Item, Key } from './items.ts';

/** One action of a transaction, without the table's name. */
export type Action =
  | { put: Item; condition?: string; values?: Item; names?: Record<string, string> }
  | { delete: Key; condition?: string; values?: Item }
  | { update: Key; expression: string; values?: Item; names?: Record<string, string> };

/** Whether it succeeded, and which actions failed their condition. */
export type Outcome =
  | { stands: true }
  | { stands: false; failed: number[] /** Another write was in progress. */; crossed: boolean };

/** What a condition may name, and what an index query may use. */
export type Wanted = Pick<
  QueryCommandInput,
  | 'IndexName'
  | 'KeyConditionExpression'
  | 'ExpressionAttributeValues'
  | 'ExpressionAttributeNames'
  | 'ScanIndexForward'
  | 'ConsistentRead'
>;

export type Table = {
  /** Strongly consistent. */
  get(key: Key): Promise<Item | undefined>;
  /** Strongly consistent; in key order; keys may repeat. */
  getAll(wanted: Key[]): Promise<(Item | undefined)[]>;
  /** All pages, up to `limit` items. */
  query(wanted: Wanted, limit?: number): Promise<Item[]>;
  /** false: the condition did not hold. */
  update(key: Key, change: Omit<UpdateCommandInput, 'TableName' | 'Key'>): Promise<boolean>;
  /** Unconditionally, and not atomic: if it fails, some may be written. */
  putAll(items: Item[]): Promise<void>;
  transact(actions: Action[]): Promise<Outcome>;
};

const batchGetKeys = 100;
/** DynamoDB's limit per transaction. */
const maxActions = 100;
const maxTries = 10;

/** A random pause of up to 20, 40, 80 ... 1,000 ms, so that conflicting writers spread out. */
export const backoff = (tries: number): Promise<void> => pause(Math.random() * Math.min(1000, 20 * 2 ** tries));

export function tableOf(client: DynamoDBClient, name: string, tracer?: Tracer): Table {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

  const getBatch = async (wanted: Key[]): Promise<Item[]> => {
    const found: Item[] = [];
    let left: Record<string, unknown>[] = wanted;
    for (let tries = 0; left.length > 0; tries += 1) {
      if (tries >= maxTries)
        throw new Error(`DynamoDB left ${left.length} keys of a batch unread ${maxTries} times; the table ${name} is throttled`);
      if (tries > 0) await backoff(tries);
      const answer = await documents.send(
        new BatchGetCommand({ RequestItems: { [name]: { Keys: left, ConsistentRead: true } } }),
      );
      found.push(...(answer.Responses?.[name] ?? []));
      left = answer.UnprocessedKeys?.[name]?.Keys ?? [];
    }
    return found;
  };

  const transactWrite = async (items: TransactWriteCommandInput['TransactItems']): Promise<Outcome> => {
    try {
      await documents.send(new TransactWriteCommand({ TransactItems: items }));
      return { stands: true };
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None');
      // Any other reason, such as throttling, is not a lost race.
      if (codes.length === 0 || codes.some((code) => !expected.has(code))) throw error;
      return {
        stands: false,
        failed: codes.flatMap((code, index) => (code === 'ConditionalCheckFailed' ? [index] : [])),
        crossed: codes.includes('TransactionConflict'),
      };
    }
  };

  return {
    async get(key) {
      return (await documents.send(new GetCommand({ TableName: name, Key: key, ConsistentRead: true }))).Item;
    },
    async getAll(wanted) {
      const text = ({ pk, sk }: Item | Key): string => `${String(pk)}\n${String(sk)}`;
      const unique = [...new Map(wanted.map((key) => [text(key), key])).values()];
      const batches: Key[][] = [];
      for (let from = 0; from < unique.length; from += batchGetKeys) batches.push(unique.slice(from, from + batchGetKeys));
      const found = (await inParallel(batches, getBatch)).flat();
      const byKey = new Map(found.map((item) => [text(item), item]));
      return wanted.map((key) => byKey.get(text(key)));
    },
    async putAll(items) {
      // One by one: a batch would need a right that deletes as well.
      await inParallel(items, (item) => documents.send(new PutCommand({ TableName: name, Item: item })));
    },
    async query(wanted, limit = Number.POSITIVE_INFINITY) {
      const items: Item[] = [];
      let start: Item | undefined;
      do {
        const left = limit - items.length;
        const page = await documents.send(
          new QueryCommand({ ...wanted, TableName: name, ExclusiveStartKey: start, ...(left < 1000 ? { Limit: left } : {}) }),
        );
        items.push(...(page.Items ?? []));
        start = page.LastEvaluatedKey;
      } while (start !== undefined && items.length < limit);
      return items;
    },
    async update(key, change) {
      for (let tries = 0; ; tries += 1) {
        try {
          await documents.send(new UpdateCommand({ ...change, TableName: name, Key: key }));
          return true;
        } catch (error) {
          if (nameOf(error) === 'ConditionalCheckFailedException') return false;
          if (nameOf(error) !== 'TransactionConflictException' || tries >= maxTries) throw error;
          await backoff(tries);
        }
      }
    },
    async transact(actions) {
      if (actions.length === 0) return { stands: true };
      if (actions.length > maxActions) {
        throw new RangeError(
          `a DynamoDB transaction takes ${maxActions} actions; received ${actions.length}: split what is written`,
        );
      }
      const write = (): Promise<Outcome> => transactWrite(actions.map((action) => transactItem(name, action)));
      if (tracer === undefined) return write();
      const attributes = {
        'db.system.name': 'aws.dynamodb',
        'db.operation.name': 'TransactWriteItems',
        'db.operation.batch.size': actions.length,
        'db.collection.name': name,
      };
      return tracer.span('TransactWriteItems', { kind: 'client', attributes }, async (span) => {
        const outcome = await write();
        span.set({ 'tocsin.outcome': outcome.stands ? 'committed' : 'conflict' });
        return outcome;
      });
    },
  };
}

const expected = new Set(['None', 'ConditionalCheckFailed', 'TransactionConflict']);

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

function transactItem(table: string, action: Action): NonNullable<TransactWriteCommandInput['TransactItems']>[number] {
  const common = { TableName: table, ExpressionAttributeValues: action.values };
  if ('put' in action) {
    return {
      Put: { ...common, Item: action.put, ConditionExpression: action.condition, ExpressionAttributeNames: action.names },
    };
  }
  if ('delete' in action) return { Delete: { ...common, Key: action.delete, ConditionExpression: action.condition } };
  return {
    Update: { ...common, Key: action.update, UpdateExpression: action.expression, ExpressionAttributeNames: action.names },
  };
}

/** At most `width` at a time; results in item order. */
export async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>, width = 32): Promise<R[]> {
  const results: R[] = new Array(items.length);
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
