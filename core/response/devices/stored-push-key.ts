import * as z from 'zod';
import { text } from '../../vocabulary/stored-parts.ts';
import { storedNote } from '../../vocabulary/stored-record.ts';

/** The VAPID key that Tocsin made for itself, where the config names none: 32 bytes, base64url. */
export const pushKeyNote = storedNote<{ privateKey: string }>()('web push key', 1, z.object({ privateKey: text }));
