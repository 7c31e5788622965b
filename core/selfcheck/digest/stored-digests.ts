import * as z from 'zod';
import { whole } from '../../vocabulary/stored-parts.ts';
import { storedNote } from '../../vocabulary/stored-record.ts';

/**
 * When each digest was due that was sent last. The audit log is what counts; this saves asking it.
 */
export const digestsNote = storedNote<{ sent: Record<string, number> }>()(
  'digests sent',
  1,
  z.object({ sent: z.record(z.string(), whole) }),
);
