import * as z from 'zod';
import { storedNote } from '../vocabulary/stored-record.ts';
import type { ConfigMark } from './mark.ts';

/** The config at the last start or deployment. */
export const configNote = storedNote<{ sections: ConfigMark }>()(
  'config',
  1,
  z.object({ sections: z.record(z.string(), z.record(z.string(), z.string())) }),
);
