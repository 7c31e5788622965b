import * as z from 'zod';
import { text } from '../../vocabulary/stored-parts.ts';
import { storedNote } from '../../vocabulary/stored-record.ts';

/** The heartbeats that the config had at the last tick. */
export const expectedNote = storedNote<{ names: string[] }>()('heartbeats', 1, z.object({ names: z.array(text) }));
