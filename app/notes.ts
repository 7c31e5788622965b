import type { StoredNote } from '../core/vocabulary/stored-record.ts';
import type { Store } from './ports/store.ts';

/**
 * The last noted value of a small fact; undefined if never noted. One that does not decode is
 * quarantined and counts as none.
 */
export async function readNote<T>(store: Pick<Store, 'meta' | 'quarantineNote'>, note: StoredNote<T>): Promise<T | undefined> {
  return noteIn(store, note, await store.meta(note.key));
}

/** The same of what was read already. */
export async function noteIn<T>(
  store: Pick<Store, 'quarantineNote'>,
  { key, decode }: StoredNote<T>,
  text: string | undefined,
): Promise<T | undefined> {
  if (text === undefined) return undefined;
  const decoded = decode(text);
  if (decoded.ok) return decoded.value;
  await store.quarantineNote(key, decoded.reason);
  return undefined;
}

/** The last values of several facts, in one read. */
export async function readAllNotes<T>(
  store: Pick<Store, 'metas' | 'quarantineNote'>,
  notes: readonly StoredNote<T>[],
): Promise<(T | undefined)[]> {
  if (notes.length === 0) return [];
  const texts = await store.metas(notes.map(({ key }) => key));
  return Promise.all(notes.map((note, place) => noteIn(store, note, texts[place])));
}

export const writeNote = <T>(store: Pick<Store, 'setMeta'>, note: StoredNote<T>, value: T): Promise<void> =>
  store.setMeta(note.key, note.encode(value));

/** As many are texts at a time. */
const mostAtOnce = 500;

/** Many facts, which a power cut may undo. */
export async function writeAllNotes<T>(
  store: Pick<Store, 'setMetas'>,
  notes: readonly { note: StoredNote<T>; value: T }[],
): Promise<void> {
  for (let from = 0; from < notes.length; from += mostAtOnce) {
    const some = notes.slice(from, from + mostAtOnce);
    await store.setMetas(
      some.map(({ note, value }) => [note.key, note.encode(value)]),
      { losable: true },
    );
  }
}
