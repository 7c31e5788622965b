import { randomBytes } from 'node:crypto';
import { linkKeyNote } from '../core/response/paging/stored-link-key.ts';
import { ownKey } from './own-key.ts';

/** The key of this machine that signs links in pages: 32 bytes, base64url. */
export const ownLinkKey = ownKey(linkKeyNote, () => randomBytes(32).toString('base64url'));
