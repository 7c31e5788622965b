import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

/**
 * What is remembered of a batch that may be sent again: which of its records count. Records are known by their place in
 * what was sent, so neither the config nor the clock decides what a repeat of the batch still has to count.
 */
export type BatchMark = {
  /** Who sent it, to which address, and under which key or with which content; unique. */
  id: string;
  /** Grows with each write. A fold with version 1 expects no mark, one with version n expects n - 1. */
  version: number;
  /** Digest of what was sent under the key. */
  content: string;
  /** The source that took all of it; absent where each record names its own. */
  source?: string | undefined;
  /** One bit a record, in hexadecimal digits: whether it counts. */
  counted: string;
  keepUntil: number;
};

/** Places of records in what was sent, from 0. */
export type CountedRecords = {
  has(index: number): boolean;
  /** How many there are. */
  size(): number;
  /** The same with these added, as `BatchMark.counted`. */
  with(indices: readonly number[]): string;
};

export function countedRecords(text = ''): CountedRecords {
  const bytes = hexToBytes(text);
  return {
    has: (index) => ((bytes[index >> 3] ?? 0) & (1 << (index & 7))) !== 0,
    size() {
      let size = 0;
      for (const byte of bytes) for (let bits = byte; bits > 0; bits &= bits - 1) size += 1;
      return size;
    },
    with(indices) {
      const last = indices.reduce((most, index) => Math.max(most, index), -1);
      const grown = new Uint8Array(Math.max(bytes.length, (last >> 3) + 1));
      grown.set(bytes);
      for (const index of indices) grown[index >> 3] = (grown[index >> 3] ?? 0) | (1 << (index & 7));
      return bytesToHex(grown);
    },
  };
}
