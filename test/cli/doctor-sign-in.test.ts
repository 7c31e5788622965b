import { expect, test } from 'vitest';
import type { Finding } from '../../cli/doctor/finding.ts';
import { checkSignIn } from '../../cli/doctor/sign-in.ts';
import { openIdProvider } from '../http/sign-in/openid-provider.ts';
import { configOf } from '../scenario/harness.ts';

const looked = (signIn: object, secrets: Record<string, string> = {}): Promise<Finding[]> =>
  checkSignIn(configOf({ settings: { signIn } }), { get: async (name) => secrets[name] });

test('the key of sessions is long enough', async () => {
  expect(await looked({})).toEqual([]);
  expect(await looked({ secret: 'KEY' }, { KEY: 'k'.repeat(32) })).toMatchObject([{ state: 'ok' }]);
  expect(await looked({ secret: 'KEY' }, { KEY: `${'k'.repeat(32)},short` })).toMatchObject([{ state: 'failed' }]);
});

test('the provider is there, and its configuration is whole', async () => {
  const provider = await openIdProvider({}, 'http://127.0.0.1:4319/signin/callback');
  const { issuer, clientId } = provider;
  const secrets = { KEY: 'k'.repeat(32) };
  try {
    const [, found] = await looked({ secret: 'KEY', oidc: { issuer, clientId } }, secrets);
    expect(found).toMatchObject({ state: 'ok', todo: expect.stringContaining('http://127.0.0.1:4319/signin/callback') });
  } finally {
    await provider.close();
  }
  const [, gone] = await looked({ secret: 'KEY', oidc: { issuer, clientId } }, secrets);
  expect(gone).toMatchObject({ area: 'signing in', state: 'failed' });
});

test('a key of links in pages is looked at as well', async () => {
  const config = configOf({ settings: { pageLinks: { secret: 'LINKS' } } });
  const foundWith = async (value: string): Promise<(string | undefined)[]> =>
    (await checkSignIn(config, { get: async () => value })).map(({ what, state }) => `${what} ${state}`);
  expect(await foundWith('k'.repeat(32))).toEqual(['LINKS ok']);
  expect(await foundWith('short')).toEqual(['LINKS failed']);
  expect(await foundWith('')).toEqual(['LINKS skipped']);
});
