import * as z from 'zod';
import { text, whole } from '../../vocabulary/stored-parts.ts';
import type { Reads } from '../../vocabulary/stored-record.ts';
import type { PostedCut } from './posted-cuts.ts';

/** What of a posted alert is kept shorter than it was sent. */
export const storedCuts = z.array(
  z.union([
    z.object({ of: z.enum(['label value', 'label name', 'annotation', 'link']), name: text, chars: whole, kept: whole }),
    z.object({ of: z.enum(['labels', 'others']), count: whole }),
  ]),
);
true satisfies Reads<typeof storedCuts, PostedCut[]>;
