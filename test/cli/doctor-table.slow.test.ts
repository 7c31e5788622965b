import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkTable } from '../../cli/doctor/table.ts';
import { recordsVersion } from '../../stores/dynamodb/version.ts';
import { createTable, type Dynamodb, startDynamodb, whyNoDynamodb } from '../contract/dynamodb.ts';

const missing = await whyNoDynamodb();

describe.runIf(missing === undefined)('what the doctor asks of a table', () => {
  let dynamodb: Dynamodb;
  beforeAll(async () => {
    dynamodb = await startDynamodb();
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'example');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example');
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', dynamodb.url);
    // Nobody answers about Lambda.
    vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', 'http://127.0.0.1:9');
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await dynamodb?.stop();
  });

  it('is its state, its stream and its time to live', async () => {
    await createTable(dynamodb.client, 'doctored');
    const [table] = await checkTable('doctored');
    expect(table).toMatchObject({ area: 'aws', what: 'doctored' });
    expect(`${table?.state}: ${table?.found}`).toMatch(/^(ok: active, with stream|failed: .*time to live is off)/);
  });

  it('is whether this version may touch its records', async () => {
    await createTable(dynamodb.client, 'versioned');
    const versionOf = async () => (await checkTable('versioned'))[1];
    expect(await versionOf()).toMatchObject({ state: 'ok', found: expect.stringMatching(/no version yet/) });
    const newer = { pk: { S: 'table#version' }, sk: { S: 'version' }, version: { N: '99' } };
    await dynamodb.client.send(new PutItemCommand({ TableName: 'versioned', Item: newer }));
    expect(await versionOf()).toMatchObject({
      state: 'failed',
      found: `its records have version 99, but this Tocsin supports up to ${recordsVersion}: once deployed, it would refuse to touch them`,
      todo: 'deploy the version that wrote them, or a newer one',
    });
  });

  it('says what to do when it is not there, and when Lambda cannot be asked', async () => {
    const [table, , lambda] = await checkTable('nowhere');
    expect(table).toMatchObject({ state: 'failed', todo: expect.stringMatching(/check the name/) });
    expect(lambda).toMatchObject({ state: 'failed', todo: expect.stringMatching(/lambda:GetAccountSettings/) });
  });
});

if (missing !== undefined) it('what the doctor asks of a table', ({ skip }) => skip(missing));
