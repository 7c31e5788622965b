import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, describe, expect, it } from 'vitest';
import { secretsManager } from '../../adapters/secrets-manager/index.ts';
import { type Answer, awsClient, type StandIn, standIn } from '../contract/stand-in.ts';

let server: StandIn | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const type = { 'content-type': 'application/x-amz-json-1.1' };
const refused = (name: string): Answer => ({
  status: 400,
  headers: type,
  body: JSON.stringify({ __type: name, message: 'because' }),
});

/** A Secrets Manager whose entries and clock the test moves. */
async function stored(entries: Record<string, string>) {
  const state = { entries, now: 0, fail: undefined as string | undefined };
  const started = await standIn(({ body }) => {
    if (state.fail !== undefined) return refused(state.fail);
    const { SecretId } = JSON.parse(body) as { SecretId: string };
    const value = state.entries[SecretId];
    return value === undefined
      ? refused('ResourceNotFoundException')
      : { headers: type, body: JSON.stringify({ Name: SecretId, SecretString: value }) };
  });
  server = started;
  const client = new SecretsManagerClient(awsClient(started.url));
  return {
    state,
    calls: () => started.received.length,
    secrets: secretsManager({ client, prefix: 'tocsin/prod/', now: () => state.now }),
  };
}

describe('secrets of AWS Secrets Manager', () => {
  it('are found under the prefix of the stage', async () => {
    const { secrets } = await stored({ 'tocsin/prod/KEY': 'right', KEY: 'wrong' });
    expect(await secrets.get('KEY')).toBe('right');
  });

  it('are asked for once in five minutes, and then again', async () => {
    const { secrets, state, calls } = await stored({ 'tocsin/prod/KEY': 'old' });
    await secrets.get('KEY');
    state.entries = { 'tocsin/prod/KEY': 'new' };
    state.now = 299_999;
    expect(await secrets.get('KEY')).toBe('old');
    expect(calls()).toBe(1);
    state.now = 300_000;
    expect(await secrets.get('KEY')).toBe('new');
  });

  it('are asked for once by many at the same time', async () => {
    const { secrets, calls } = await stored({ 'tocsin/prod/KEY': 'a' });
    expect(await Promise.all([secrets.get('KEY'), secrets.get('KEY'), secrets.get('KEY')])).toEqual(['a', 'a', 'a']);
    expect(calls()).toBe(1);
  });

  it('are undefined when missing or empty, and seen within 30 seconds of being stored', async () => {
    const { secrets, state } = await stored({ 'tocsin/prod/EMPTY': '' });
    expect(await secrets.get('EMPTY')).toBeUndefined();
    expect(await secrets.get('KEY')).toBeUndefined();
    state.entries = { 'tocsin/prod/KEY': 'here now' };
    state.now = 30_000;
    expect(await secrets.get('KEY')).toBe('here now');
  });

  it('go on being used while Secrets Manager does not answer', async () => {
    const { secrets, state } = await stored({ 'tocsin/prod/KEY': 'kept' });
    await secrets.get('KEY');
    state.fail = 'InternalServiceError';
    state.now = 400_000;
    expect(await secrets.get('KEY')).toBe('kept');
    state.fail = undefined;
    state.entries = { 'tocsin/prod/KEY': 'new' };
    state.now = 430_000;
    expect(await secrets.get('KEY')).toBe('new');
  });

  it('that cannot be read at first are an error that names the entry and what to check', async () => {
    const { secrets, state } = await stored({ 'tocsin/prod/KEY': 'hidden' });
    state.fail = 'AccessDeniedException';
    await expect(secrets.get('KEY')).rejects.toThrow(
      /tocsin\/prod\/KEY could not be read: AccessDeniedException.*secretsmanager:GetSecretValue/,
    );
    state.fail = undefined;
    expect(await secrets.get('KEY')).toBe('hidden');
  });
});
