import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keysOf } from '../../adapters/web-push/keys.ts';
import { ownPushKey } from '../../local/own-push-key.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';

it('a machine makes one key, however many ask for it at once, and has the same after a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-push-key-'));
  const path = join(folder, 'store.db');
  try {
    const store = sqliteStore({ path });
    const [one, other, third] = await Promise.all([ownPushKey(store)(), ownPushKey(store)(), ownPushKey(store)()]);
    expect([other, third]).toEqual([one, one]);
    expect(keysOf(one ?? '')).toBeDefined();
    await store.close();
    const again = sqliteStore({ path });
    expect(await ownPushKey(again)()).toBe(one);
    await again.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('a store that cannot keep it now is asked again later', async () => {
  const store = sqliteStore({ path: ':memory:' });
  let broken = true;
  const flaky = {
    ...store,
    setMeta: async (key: string, value: string) => {
      if (broken) throw new Error('the disk is full');
      await store.setMeta(key, value);
    },
  };
  await expect(ownPushKey(flaky)()).rejects.toThrow('full');
  broken = false;
  expect(keysOf(await ownPushKey(flaky)())).toBeDefined();
  await store.close();
});
