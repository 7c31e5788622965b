import * as z from 'zod';
import { text } from '../../vocabulary/stored-parts.ts';
import { storedNote } from '../../vocabulary/stored-record.ts';

/**
 * The key that Tocsin made for links in pages, where the config names none: 32 bytes, base64url.
 */
export const linkKeyNote = storedNote<{ privateKey: string }>()('page link key', 1, z.object({ privateKey: text }));
