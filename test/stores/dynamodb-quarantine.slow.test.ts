import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import { dynamodbStore } from '../../stores/dynamodb/index.ts';
import { createTable, type Dynamodb, startDynamodb, whyNoDynamodb } from '../contract/dynamodb.ts';
import { committed, exampleIncident, examplePageEffect, newIncident, t0 } from '../contract/store-examples.ts';
import { type DamagedStore, quarantineContract } from '../contract/store-quarantine.ts';

const missing = await whyNoDynamodb();

if (missing !== undefined) it('DynamoDB sets aside what does not decode', ({ skip }) => skip(missing));
else
  describe('on DynamoDB', () => {
    let dynamodb: Dynamodb;
    let tables = 0;
    beforeAll(async () => {
      dynamodb = await startDynamodb();
    });
    afterAll(() => dynamodb?.stop());

    const open = async (): Promise<DamagedStore & { table: string }> => {
      tables += 1;
      const table = `tocsin-${tables}`;
      await createTable(dynamodb.client, table);
      let store = dynamodbStore({ client: dynamodb.client, table });
      const documents = DynamoDBDocumentClient.from(dynamodb.client);
      return {
        table,
        store: () => store,
        async restart(damage) {
          if (damage !== undefined) {
            const { Items = [] } = await documents.send(new ScanCommand({ TableName: table }));
            for (const item of Items) {
              if (item['type'] !== damage.kind || !`${item['pk']} ${item['sk']}`.includes(damage.of)) continue;
              await documents.send(
                new PutCommand({ TableName: table, Item: { ...item, doc: damage.change(String(item['doc'])) } }),
              );
            }
          }
          store = dynamodbStore({ client: dynamodb.client, table });
        },
        async mend(change) {
          const { Items = [] } = await documents.send(new ScanCommand({ TableName: table }));
          for (const entry of Items.filter(({ pk }) => pk === 'quarantine#all')) {
            const item = { ...entry['item'], doc: change(String(entry['item']['doc'])) };
            await documents.send(new PutCommand({ TableName: table, Item: { ...entry, item } }));
          }
        },
        async close() {
          await dynamodb.client.send(new DeleteTableCommand({ TableName: table }));
        },
      };
    };

    quarantineContract('DynamoDB', open);

    /** Changes attributes beside a document, or the document itself. */
    async function change(table: string, pk: string, attributes: Record<string, unknown>): Promise<void> {
      const documents = DynamoDBDocumentClient.from(dynamodb.client, { marshallOptions: { removeUndefinedValues: true } });
      const { Items = [] } = await documents.send(new ScanCommand({ TableName: table }));
      for (const item of Items.filter((one) => one['pk'] === pk))
        await documents.send(new PutCommand({ TableName: table, Item: { ...item, ...attributes } }));
    }

    it.each<[string, Record<string, unknown>]>([
      ['no number of attempts', { attempts: 'three' }],
      ['no time', { notBefore: 'soon' }],
      ['bytes that cannot be unpacked', { doc: new Uint8Array([31, 139, 8, 0]) }],
      ['a document that is none', { doc: 5 }],
      ['no document', { doc: undefined }],
    ])('a page with %s is set aside, and is urgent', async (_, attributes) => {
      const damaged = await open();
      await committed(damaged.store(), { effects: [examplePageEffect()] });
      await change(damaged.table, `effect#${examplePageEffect().id}`, attributes);
      expect(await damaged.store().dueEffects(t0, 9)).toEqual([]);
      expect(await damaged.store().effect(examplePageEffect().id)).toBeUndefined();
      expect(await damaged.store().quarantined(9)).toMatchObject([{ kind: 'effect', id: examplePageEffect().id, urgent: true }]);
      await damaged.close();
    });

    it('a record whose version is another than that of its item could never be written again, and is set aside', async () => {
      const damaged = await open();
      await committed(damaged.store(), { writes: [newIncident(exampleIncident({ id: asIncidentId('bad') }))] });
      await change(damaged.table, 'incident#bad', { version: 7 });
      expect(await damaged.store().incident(asIncidentId('bad'))).toBeUndefined();
      expect(await damaged.store().quarantined(9)).toMatchObject([
        { kind: 'incident', id: 'bad', reason: expect.stringContaining('another version') },
      ]);
      await damaged.close();
    });

    it('who may not write it tells of it, and whoever may sets it aside', async () => {
      const damaged = await open();
      await committed(damaged.store(), { writes: [newIncident(exampleIncident({ id: asIncidentId('bad') }))] });
      await damaged.restart({ kind: 'incident', of: 'bad', change: () => '{' });
      const reader = dynamodbStore({ client: dynamodb.client, table: damaged.table, marks: false, setsAside: false });
      expect(await reader.incident(asIncidentId('bad'))).toBeUndefined();
      expect(await reader.quarantined(9)).toMatchObject([{ kind: 'incident', id: 'bad', urgent: true }]);
      expect(await damaged.store().quarantined(9)).toEqual([]);
      expect(await damaged.store().incident(asIncidentId('bad'))).toBeUndefined();
      expect(await damaged.store().quarantined(9)).toHaveLength(1);
      await damaged.close();
    });

    it('leaves what a newer Tocsin has written where it is, once that one has marked the table', async () => {
      const damaged = await open();
      await committed(damaged.store(), { writes: [newIncident(exampleIncident({ id: asIncidentId('bad') }))] });
      // This container has looked at the mark a moment ago, and would look again in a minute.
      const older = damaged.store();
      const documents = DynamoDBDocumentClient.from(dynamodb.client);
      await damaged.restart({ kind: 'incident', of: 'bad', change: (doc) => doc.replace(/"v":\d+\}/, '"v":99}') });
      const mark = { pk: 'table#version', sk: 'version', version: 99 };
      await documents.send(new PutCommand({ TableName: damaged.table, Item: mark }));
      await expect(older.incident(asIncidentId('bad'))).rejects.toThrow('written by a newer Tocsin');
      const { Items = [] } = await documents.send(new ScanCommand({ TableName: damaged.table }));
      expect(Items.map(({ pk }) => pk)).toContain('incident#bad');
      expect(Items.map(({ pk }) => pk)).not.toContain('quarantine#all');
      await damaged.close();
    });
  });
