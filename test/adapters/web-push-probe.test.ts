import { describe, expect, it } from 'vitest';
import { newPrivateKey } from '../../adapters/web-push/keys.ts';
import { checkTargets } from '../../cli/doctor/targets.ts';
import { configOf, t0 } from '../app/runtime.ts';

const responders = { ana: { name: 'Ana', contacts: [{ webPush: 'ana' }, { terminal: true as const }] } };

async function found(webPush: { key?: string }, value?: string) {
  const config = configOf({ responders, settings: { webPush } });
  const findings = await checkTargets(config, { get: async () => value }, t0);
  return findings.filter(({ what }) => what === 'webPush').map(({ state }) => state);
}

describe('tocsin doctor on web push', () => {
  it('says whether the secret is a key', async () => {
    expect(await found({ key: 'PUSH_KEY' }, newPrivateKey())).toEqual(['ok']);
    expect(await found({ key: 'PUSH_KEY' }, 'hush')).toEqual(['failed']);
    expect(await found({ key: 'PUSH_KEY' })).toEqual(['failed']);
  });

  it('leaves the key alone that a machine makes for itself', async () => expect(await found({})).toEqual(['skipped']));

  it('says nothing where nobody is paged so', async () => {
    const config = configOf({ settings: { webPush: { key: 'PUSH_KEY' } } });
    const findings = await checkTargets(config, { get: async () => undefined }, t0);
    expect(findings.filter(({ what }) => what === 'webPush')).toEqual([]);
  });
});
