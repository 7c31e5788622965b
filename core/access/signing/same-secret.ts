import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { sameText } from './hmac.ts';

/** Compares by hash, so that the time tells neither length nor prefix of the secret. */
export const sameSecret = (expected: string, received: string): boolean => sameText(hashed(expected), hashed(received));

const hashed = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));
