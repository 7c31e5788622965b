import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { asFingerprint, type Fingerprint } from './ids.ts';
import { labelsKey } from './labels-key.ts';

/** The SHA-256 of a UTF-8 text, in hexadecimal. */
export type Sha256 = (text: string) => string;

const pure: Sha256 = (text) => bytesToHex(sha256(utf8ToBytes(text)));

/**
 * The first `length` hexadecimal digits of a text's SHA-256. Pass a faster `hash` where one exists.
 */
export function digest(text: string, length = 16, hash: Sha256 = pure): string {
  return hash(text).slice(0, length);
}

/**
 * Identifies an alert: what judges (a rule, or something about it) on one series. The order of
 * labels does not matter.
 */
export function fingerprint(judge: string, labels: Record<string, string>, hash?: Sha256): Fingerprint {
  return asFingerprint(digest(`${judge}\n${labelsKey(labels)}`, 16, hash));
}
