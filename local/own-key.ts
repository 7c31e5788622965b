import { readNote, writeNote } from '../app/notes.ts';
import type { Store } from '../app/ports/store.ts';
import type { StoredNote } from '../core/vocabulary/stored-record.ts';

export type Kept = Pick<Store, 'meta' | 'setMeta' | 'quarantineNote'>;

/** A key of this machine, which is made when it is first needed and kept in the store. */
export function ownKey(note: StoredNote<{ privateKey: string }>, make: () => string): (store: Kept) => () => Promise<string> {
  /** Those that are asked for at the same time are one. */
  const asked = new WeakMap<Kept, Promise<string>>();
  return (store) => () => {
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
    const known = await readNote(store, note);
    if (known !== undefined) return known.privateKey;
    const privateKey = make();
    await writeNote(store, note, { privateKey });
    return privateKey;
  }
}
