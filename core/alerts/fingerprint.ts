import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { labelsKey } from '../samples/summary.ts';

/** The first `length` hexadecimal digits of the SHA-256 of a text. */
export function digest(text: string, length = 16): string {
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, length);
}

/** Alerts come again and again; of so many, with labels of no more than this length, it is remembered what identifies them. */
const maxRemembered = 10_000;
const maxRememberedText = 1000;
const remembered = new Map<string, string>();

/** Identifies an alert: one rule on one series. The same labels in another order give the same fingerprint. */
export function fingerprint(ruleId: string, labels: Record<string, string>): string {
  const text = `${ruleId}\n${labelsKey(labels)}`;
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const found = digest(text);
  if (text.length > maxRememberedText) return found;
  if (remembered.size >= maxRemembered) remembered.clear();
  remembered.set(text, found);
  return found;
}
