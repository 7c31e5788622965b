import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { labelsKey } from '../samples/summary.ts';

/** The first `length` hexadecimal digits of the SHA-256 of a text. */
export function digest(text: string, length = 16): string {
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, length);
}

/** Identifies an alert: one rule on one series. The same labels in another order give the same fingerprint. */
export function fingerprint(ruleId: string, labels: Record<string, string>): string {
  return digest(`${ruleId}\n${labelsKey(labels)}`);
}
