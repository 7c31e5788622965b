import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

/**
 * What is remembered of a batch that may be resent: which of its records count. Records are known
 * by their index in the request, so neither config nor clock changes what a resend still has to
 * count.
 */
export type BatchMark = {
  /** Sender, URL, and idempotency key or content. Unique. */
  id: string;
  /** Grows with each write. Version 1 expects no stored mark; version n expects n - 1. */
  version: number;
  /** Digest of the content sent under the key. */
  content: string;
  /** The source of the whole batch. Absent if each record names its own. */
  source?: string | undefined;
  /** One bit per record, in hexadecimal: whether it counts. */
  counted: string;
  keepUntil: number;
};

/** Indexes of records in the request, from 0. */
export type CountedRecords = {
  has(index: number): boolean;
  size(): number;
  /** The same with these added, in the format of `BatchMark.counted`. */
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
