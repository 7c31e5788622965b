import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Fingerprint, RuleId } from './ids.ts';
import { labelsKey } from './labels-key.ts';

/** The SHA-256 of a text in UTF-8, in hexadecimal digits. */
export type Sha256 = (text: string) => string;

const pure: Sha256 = (text) => bytesToHex(sha256(utf8ToBytes(text)));

/** The first `length` hexadecimal digits of the SHA-256 of a text. `hash` computes it, where there is something faster than our own. */
export function digest(text: string, length = 16, hash: Sha256 = pure): string {
  return hash(text).slice(0, length);
}

/** Identifies an alert: one rule on one series. The same labels in another order give the same fingerprint. */
export function fingerprint(ruleId: RuleId, labels: Record<string, string>, hash?: Sha256): Fingerprint {
  return digest(`${ruleId}\n${labelsKey(labels)}`, 16, hash);
}
