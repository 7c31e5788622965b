import { DeleteTableCommand, GetItemCommand, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../app/ports/store.ts';
import { groupOf } from '../../core/response/outbox/lanes.ts';
import { asEffectId, asIncidentId } from '../../core/vocabulary/ids.ts';
import { dynamodbStore, ItemTooLargeError } from '../../stores/dynamodb/index.ts';
import { effectFromImage } from '../../stores/dynamodb/stream.ts';
import { createTable, type Dynamodb, startDynamodb, whyNoDynamodb } from '../contract/dynamodb.ts';
import { storeContract } from '../contract/store.ts';
import {
  committed,
  day,
  delta,
  exampleAlert,
  exampleBatch,
  exampleIncident,
  examplePageEffect,
  exampleSeries,
  exampleValues,
  exampleWake,
  newIncident,
  t0,
} from '../contract/store-examples.ts';
import { behavesAsTheModel } from '../contract/store-operations.ts';

const missing = await whyNoDynamodb();

if (missing !== undefined) it('DynamoDB keeps the contract of a store', ({ skip }) => skip(missing));
else
  describe('on DynamoDB', () => {
    let dynamodb: Dynamodb;
    let tables = 0;
    beforeAll(async () => {
      dynamodb = await startDynamodb();
    });
    afterAll(() => dynamodb?.stop());

    const open = async (): Promise<{ store: Store; table: string; close: () => Promise<void> }> => {
      tables += 1;
      const table = `tocsin-${tables}`;
      await createTable(dynamodb.client, table);
      const close = async (): Promise<void> => void (await dynamodb.client.send(new DeleteTableCommand({ TableName: table })));
      return { store: dynamodbStore({ client: dynamodb.client, table }), table, close };
    };

    storeContract('DynamoDB', open, { prunes: false });

    it('gives the same answers as the model', async () => {
      await behavesAsTheModel(open, { numRuns: 6, prunes: false });
    });

    describe('the table', () => {
      const item = async (table: string, pk: string, sk: string) =>
        (await dynamodb.client.send(new GetItemCommand({ TableName: table, Key: { pk: { S: pk }, sk: { S: sk } } }))).Item;

      it('says which effect a stored effect is, as the stream will show it', async () => {
        const { store, table, close } = await open();
        await committed(store, { writes: [newIncident(exampleIncident())], effects: [examplePageEffect(), exampleWake()] });
        expect(effectFromImage(await item(table, 'effect#inc-1#1#0', 'effect'))).toEqual({
          id: 'inc-1#1#0',
          kind: 'page',
          notBefore: t0,
          urgent: true,
          group: groupOf(examplePageEffect()),
        });
        expect(effectFromImage(await item(table, 'effect#inc-1#1#1', 'effect'))).toEqual({
          id: 'inc-1#1#1',
          kind: 'timer',
          notBefore: exampleWake().at,
        });
        expect(effectFromImage(await item(table, 'incident#inc-1', 'incident'))).toBeUndefined();
        expect(effectFromImage(undefined)).toBeUndefined();
        await close();
      });

      it('lets buckets, batches and delivered effects expire, never what is still to be delivered or an incident', async () => {
        const { store, table, close } = await open();
        await committed(store, { writes: [newIncident(exampleIncident())], effects: [examplePageEffect(), exampleWake()] });
        await committed(store, { done: [asEffectId('inc-1#1#0')] });
        await store.fold(exampleBatch({ deltas: [delta(exampleSeries(), t0, exampleValues(), t0 + day)] }));
        await store.fold(exampleBatch({ id: 'b2', deltas: [delta(exampleSeries(), t0, exampleValues(), t0 + 1)] }));
        const expires = async (pk: string, sk: string) => Number((await item(table, pk, sk))?.['expires']?.N);
        expect(await expires(`buckets#${exampleSeries().key}`, `0${String(t0).padStart(16, '0')}`)).toBe((t0 + day) / 1000);
        expect(await expires('batch#batch-1', 'batch')).toBe((t0 + day) / 1000);
        expect(await expires('effect#inc-1#1#0', 'effect')).toBeGreaterThan(Date.now() / 1000 + 6 * 86_400);
        expect(await expires('effect#inc-1#1#1', 'effect')).toBeNaN();
        expect(await expires('incident#inc-1', 'incident')).toBeNaN();
        await close();
      });

      it('refuses a record that fits into no item, saying which and why, and writes nothing', async () => {
        const { store, close } = await open();
        let state = 1;
        const noise = Array.from({ length: 900_000 }, () => {
          state = (state * 48_271) % 2_147_483_647;
          return String.fromCharCode(33 + (state % 90));
        }).join('');
        const writes = [
          newIncident(exampleIncident()),
          { kind: 'alert', value: exampleAlert({ reason: noise }), expected: 0 } as const,
        ];
        await expect(store.commit({ writes, timeline: [], effects: [], done: [] })).rejects.toThrow(ItemTooLargeError);
        await expect(store.commit({ writes, timeline: [], effects: [], done: [] })).rejects.toThrow(
          /alert 0123456789abcdef takes \d+ bytes compressed/,
        );
        expect(await store.incident(asIncidentId('inc-1'))).toBeUndefined();
        await close();
      });

      it('refuses a commit of more than one transaction takes', async () => {
        const { store, close } = await open();
        const effects = Array.from({ length: 101 }, (_, n) => examplePageEffect({ id: asEffectId(`inc-1#1#${n}`) }));
        await expect(store.commit({ writes: [], timeline: [], effects, done: [] })).rejects.toThrow(
          'takes 100 actions; received 101',
        );
        await close();
      });

      it('does not take throttling for a lost race', async () => {
        const throttled = new TransactionCanceledException({
          $metadata: {},
          message: 'cancelled',
          CancellationReasons: [{ Code: 'None' }, { Code: 'ThrottlingError' }],
        });
        const { table, close } = await open();
        const client = Object.create(dynamodb.client) as typeof dynamodb.client;
        client.middlewareStack = dynamodb.client.middlewareStack.clone();
        client.middlewareStack.add(() => () => Promise.reject(throttled), { step: 'initialize', name: 'throttled' });
        const store = dynamodbStore({ client, table });
        await expect(
          store.commit({ writes: [newIncident(exampleIncident())], timeline: [], effects: [], done: [] }),
        ).rejects.toThrow('cancelled');
        await close();
      });
    });
  });
