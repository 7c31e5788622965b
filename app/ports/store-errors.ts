/**
 * The store was upgraded by a newer Tocsin. Nothing was read or written; retry on the newer
 * instance.
 */
export class StoreVersionError extends Error {
  override name = 'StoreVersionError';
}

/**
 * The store cannot write now, for example on a full disk. The request was not done; retry later.
 */
export class StoreUnavailableError extends Error {
  override name = 'StoreUnavailableError';
}
