import { afterAll, beforeAll, describe } from 'vitest';
import { otlpTable } from '../../stores/dynamodb/otlp.ts';
import { createTable, type Dynamodb, startDynamodb, whyNoDynamodb } from '../contract/dynamodb.ts';
import { otlpTableContract } from '../contract/otlp-table.ts';

const missing = await whyNoDynamodb();

describe.runIf(missing === undefined)('OTLP metrics in DynamoDB', () => {
  let dynamodb: Dynamodb;
  let tables = 0;
  beforeAll(async () => {
    dynamodb = await startDynamodb();
  });
  afterAll(() => dynamodb?.stop());

  otlpTableContract(async () => {
    tables += 1;
    const table = `otlp-${tables}`;
    await createTable(dynamodb.client, table);
    return otlpTable({ client: dynamodb.client, table });
  });
});
