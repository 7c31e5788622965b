/** The store was written by a newer Tocsin. Nothing is read or written; what was to be done is to be done again, by that one. */
export class StoreVersionError extends Error {
  override name = 'StoreVersionError';
}

/** The store can keep nothing now, such as on a full disk. What was asked for has not been done; it is to be asked for again. */
export class StoreUnavailableError extends Error {
  override name = 'StoreUnavailableError';
}
