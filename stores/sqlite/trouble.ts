/** Why a file is not writable, as far as SQLite tells. */
export type FileTrouble = 'full' | 'locked' | 'read-only' | 'failing' | 'damaged';

/** SQLite's primary result codes about the file, not about the data. */
const troubles: Readonly<Record<number, FileTrouble>> = {
  5: 'locked',
  6: 'locked',
  8: 'read-only',
  10: 'failing',
  11: 'damaged',
  13: 'full',
  14: 'failing',
  23: 'read-only',
  26: 'damaged',
};

/**
 * What is wrong with the file, or undefined if the error does not say. Extended codes add higher
 * bits.
 */
export function fileTroubleOf(error: unknown): FileTrouble | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return troubles[error.errcode & 0xff];
}
