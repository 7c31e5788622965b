import { existsSync } from 'node:fs';
import Table from 'cli-table3';
import { Command } from 'commander';
import type { Store } from '../app/ports/store.ts';
import { droppedEntry, restoredEntry } from '../core/selfcheck/quarantine/audit-entries.ts';
import { formatUtc } from '../core/vocabulary/format.ts';
import { oneLine } from '../core/vocabulary/printable.ts';
import { type StoredKind, storedKinds } from '../core/vocabulary/stored-record.ts';
import { StartError } from '../local/start-error.ts';
import { StoreLockedError, sqliteStore } from '../stores/sqlite/index.ts';
import { actorOf, me } from './client/options.ts';
import { unreadable } from './doctor/quarantine.ts';

type Where = { store: string; table?: string };

const write = (line: string): void => void process.stdout.write(`${line}\n`);

const kinds = `one of ${storedKinds.join(', ')}`;
const listedId = 'the id from the list';

export function quarantineCommand(): Command {
  const command = new Command('quarantine')
    .description('stored records that could not be read: list them, show one as it is stored, put it back, or drop it')
    // Also apply to the subcommands, wherever they appear.
    .option('--store <file>', 'the store of this machine', '.tocsin/tocsin.sqlite')
    .option('--table <name>', 'DynamoDB table of a deployment, instead of the store of this machine')
    .option('--json', 'as JSON lines')
    .action(list);
  command
    .command('show')
    .description('print a record as stored: its document and the fields beside it')
    .argument('<kind>', kinds)
    .argument('<id>', listedId)
    .action((kind, id) => show(kindOf(kind), id, command.opts()));
  command
    .command('retry')
    .description(
      'put a record back in its place, once a Tocsin that reads it is installed; on one machine stop the service first',
    )
    .argument('<kind>', kinds)
    .argument('<id>', listedId)
    .option('--by <name>', 'who does it, for the audit log', actorOf, me())
    .action((kind, id, { by }: { by: string }) => retry(kindOf(kind), id, by, command.opts()));
  command
    .command('drop')
    .description('delete a record permanently; on one machine stop the service first')
    .argument('<kind>', kinds)
    .argument('<id>', listedId)
    .option('--by <name>', 'who does it, for the audit log', actorOf, me())
    .action((kind, id, { by }: { by: string }) => drop(kindOf(kind), id, by, command.opts()));
  return command;
}

async function list(where: Where & { json?: boolean }): Promise<void> {
  const found = await withStore(where, { readOnly: true }, (store) => unreadable(store, Date.now()));
  if (where.json) {
    for (const one of found) write(JSON.stringify(one));
    return;
  }
  if (found.length === 0) {
    process.stderr.write('Every record that was read can be read.\n');
    return;
  }
  const table = new Table({ head: ['kind', 'id', 'why', 'told'], style: { head: [], border: [] } });
  for (const { kind, id, reason, toldAt } of found)
    table.push([kind, id, reason, toldAt === undefined ? 'not yet' : formatUtc(toldAt)].map(oneLine));
  write(table.toString());
}

async function show(kind: StoredKind, id: string, where: Where): Promise<void> {
  const text = await withStore(where, { readOnly: true }, (store) => store.quarantinedText(kind, id));
  if (text === undefined) throw new StartError(notThere(kind, id));
  write(text);
}

async function retry(kind: StoredKind, id: string, actor: string, where: Where): Promise<void> {
  const entry = restoredEntry({ kind, id }, { at: Date.now(), actor });
  const restored = await withStore(where, { readOnly: false }, (store) => store.restoreQuarantined(kind, id, entry));
  switch (restored.outcome) {
    case 'restored':
      process.stderr.write(`The ${kind} ${id} is back in its place.\n`);
      return;
    case 'unknown':
      throw new StartError(notThere(kind, id));
    case 'unreadable':
      throw new StartError(`the ${kind} ${id} still cannot be read, and stays in quarantine: ${restored.reason}`);
    case 'taken':
      throw new StartError(
        `another ${kind} is in the place of ${id} by now, and stays there; look at both (tocsin quarantine show), then drop the one in quarantine`,
      );
  }
}

const notThere = (kind: StoredKind, id: string): string => `no ${kind} ${id} is in quarantine; tocsin quarantine lists what is`;

async function drop(kind: StoredKind, id: string, actor: string, where: Where): Promise<void> {
  const entry = droppedEntry({ kind, id }, { at: Date.now(), actor });
  const isGone = await withStore(where, { readOnly: false }, (store) => store.dropQuarantined(kind, id, entry));
  if (!isGone) throw new StartError(notThere(kind, id));
  process.stderr.write(`Dropped the ${kind} ${id}.\n`);
}

function kindOf(text: string): StoredKind {
  const kind = storedKinds.find((one) => one === text);
  if (kind === undefined) throw new StartError(`there is no kind of record ${text}; expected one of ${storedKinds.join(', ')}`);
  return kind;
}

async function withStore<T>(where: Where, how: { readOnly: boolean }, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(where, how);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function openStore({ store: path, table }: Where, { readOnly }: { readOnly: boolean }): Promise<Store> {
  if (table !== undefined) {
    const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    const { dynamodbStore } = await import('../stores/dynamodb/index.ts');
    return dynamodbStore({ client: new DynamoDBClient({ maxAttempts: 2 }), table, marks: false, setsAside: false });
  }
  if (!existsSync(path)) throw new StartError(`there is no store at ${path}; name one with --store, or a table with --table`);
  try {
    return sqliteStore({ path, readOnly });
  } catch (error) {
    if (error instanceof StoreLockedError)
      throw new StartError(`a running service owns ${path}: stop it, drop the record or put it back, and start it again`);
    throw error;
  }
}
