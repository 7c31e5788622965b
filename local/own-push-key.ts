import { newPrivateKey } from '../adapters/web-push/keys.ts';
import { pushKeyNote } from '../core/response/devices/stored-push-key.ts';
import { ownKey } from './own-key.ts';

/** The private VAPID key of this machine. */
export const ownPushKey = ownKey(pushKeyNote, newPrivateKey);
