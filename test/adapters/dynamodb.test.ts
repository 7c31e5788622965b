import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { dynamodbStore } from '../../adapters/dynamodb/index.ts';
import { createTable, type DynamodbLocal, startDynamodbLocal, whyNoDynamodbLocal } from '../contract/dynamodb-local.ts';
import { storeContract } from '../contract/store.ts';

const missing = whyNoDynamodbLocal();

if (missing !== undefined) it('DynamoDB keeps the contract of a store', ({ skip }) => skip(missing));
else
  describe('on DynamoDB Local', () => {
    let local: DynamodbLocal;
    let tables = 0;
    beforeAll(async () => {
      local = await startDynamodbLocal();
    });
    afterAll(() => local?.stop());

    storeContract(
      'DynamoDB',
      async () => {
        tables += 1;
        const table = `tocsin-${tables}`;
        await createTable(local.client, table);
        return {
          store: dynamodbStore({ client: local.client, table }),
          close: async () => void (await local.client.send(new DeleteTableCommand({ TableName: table }))),
        };
      },
      { prunes: false },
    );
  });
