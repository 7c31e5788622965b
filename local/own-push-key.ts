import { newPrivateKey } from '../adapters/web-push/keys.ts';
import { readNote, writeNote } from '../app/notes.ts';
import type { Store } from '../app/ports/store.ts';
import { pushKeyNote } from '../core/response/devices/stored-push-key.ts';

type Kept = Pick<Store, 'meta' | 'setMeta' | 'quarantineNote'>;

/** Those that are asked for at the same time are one. */
const asked = new WeakMap<Kept, Promise<string>>();

/** The private VAPID key of this machine, which is made when it is first needed and kept in the store. */
export const ownPushKey = (store: Kept) => (): Promise<string> => {
  const known = asked.get(store);
  if (known !== undefined) return known;
  const key = keptOrMade(store).catch((error: unknown) => {
    asked.delete(store);
    throw error;
  });
  asked.set(store, key);
  return key;
};

async function keptOrMade(store: Kept): Promise<string> {
  const known = await readNote(store, pushKeyNote);
  if (known !== undefined) return known.privateKey;
  const privateKey = newPrivateKey();
  await writeNote(store, pushKeyNote, { privateKey });
  return privateKey;
}
