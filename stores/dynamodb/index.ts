/**
 * The store in one DynamoDB table, for the deployed service. The names of its keys and indexes are
 * in core/config/table.ts.
 *
 * - Every record is an item of its own key, read strongly consistently; its value is JSON in `doc`
 *   (see items.ts), and an
 * attribute beside it is there because something is conditioned, filtered or indexed by it.
 * - commit and fold are one TransactWriteItems each, every action on the condition that things are
 *   as they were read. A
 * condition that fails, or a transaction that met another, is a conflict. The latest incident of a
 * group is an item of
 * the table, never a query of an index, so two incidents of one group cannot both open.
 * - A record of a batch counts once because the mark of the batch is written with it, on the
 *   condition that the mark is of
 * the version before; unlike the client's request token, it holds for as long as the batch could
 * come again.
 * - What is due (`due`, keys only) and what is listed (`list`, all attributes) is found through two
 *   sparse indexes, each
 * spread over a few partitions by a hash, so that a storm of alerts is not held up by one of them.
 * Indexes lag: what
 * is due is read again by key, and a decision on a listed alert that has changed since is a
 * conflict.
 * - Buckets and series are read eventually consistently, at half the price: what came in this very
 *   moment is judged in
 * the next tick.
 * - The table says of which version its records are (version.ts); over a newer one every call
 *   throws StoreVersionError.
 * - TTL drops what has expired, some time later; nothing relies on when. `prune` has nothing to do.
 *
 * Throttling and faults are thrown as the SDK gives them, after its own retries.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { maxCommitActions } from '../../app/ports/commit.ts';
import type { Store } from '../../app/ports/store.ts';
import type { Tracer } from '../../app/ports/tracer.ts';
import { tableKeys } from '../../core/vocabulary/table-keys.ts';
import { decisions } from './decisions.ts';
import { judgementHistory } from './history.ts';
import { keys } from './items.ts';
import { outbox } from './outbox.ts';
import { quarantine } from './quarantine.ts';
import { samples } from './samples.ts';
import { inParallel, tableOf } from './table.ts';
import { markOf, recordsVersion, versionGate } from './version.ts';

export { ItemTooLargeError } from './items.ts';

export type DynamodbOptions = {
  /** Owned by the caller: `close` leaves it open. */
  client: DynamoDBClient;
  table: string;
  /** Whether this store writes the table's version; others only check it. Default true. */
  marks?: boolean;
  tracer?: Tracer | undefined;
  /** Whether it quarantines what it cannot read, or only reports it. Default true. */
  setsAside?: boolean;
};

export function dynamodbStore({ client, table: name, marks = true, setsAside = true, tracer }: DynamodbOptions): Store {
  const table = tableOf(client, name, tracer);
  const gate = versionGate(table, { name, marks });
  const aside = quarantine(table, { lookAgain: gate.lookAgain, setsAside });
  const setMeta = async (key: string, value: string): Promise<void> => {
    await table.update(keys.meta(key), {
      UpdateExpression: 'SET fact = :value, #type = :type',
      ExpressionAttributeNames: { '#type': tableKeys.type },
      ExpressionAttributeValues: { ':value': value, ':type': 'meta' },
    });
  };
  const store: StoreCalls = {
    ...decisions(table, aside),
    ...outbox(table, aside),
    ...samples(table, aside),
    ...judgementHistory(table, aside),
    ...aside.calls,
    async meta(key) {
      const fact = (await table.get(keys.meta(key)))?.['fact'];
      return fact === undefined ? undefined : String(fact);
    },
    async metas(wanted) {
      const items = await table.getAll(wanted.map(keys.meta));
      return items.map((item) => (item?.['fact'] === undefined ? undefined : String(item['fact'])));
    },
    setMeta,
    async setMetas(entries) {
      await inParallel([...new Map(entries)], ([key, value]) => setMeta(key, value));
    },
    prune: async () => 0,
    close: async () => {},
  };
  return { ...behind(gate.pass, store), maxActions: maxCommitActions };
}

/**
 * The version of a table's records (undefined if unmarked), and the newest this Tocsin supports.
 */
export async function recordsVersions(
  client: DynamoDBClient,
  table: string,
): Promise<{ found: number | undefined; known: number }> {
  return { found: await markOf(tableOf(client, table)), known: recordsVersion };
}

type StoreCalls = Omit<Store, 'maxActions'>;

/** Every call but the last passes the gate first. */
function behind(gate: () => Promise<void>, store: StoreCalls): StoreCalls {
  const gated = Object.entries(store).map(([name, call]: [string, (...given: never[]) => Promise<unknown>]) => [
    name,
    async (...given: never[]) => {
      await gate();
      return call(...given);
    },
  ]);
  return { ...(Object.fromEntries(gated) as Store), close: store.close };
}
