import * as z from 'zod';
import { measured, text, whole } from '../../vocabulary/stored-parts.ts';
import { storedNote } from '../../vocabulary/stored-record.ts';

/** How often policies with a budget have paged in the seven days before `at`. */
export type PagesOfWeek = { at: number; policies: { policy: string; pages: number; pagesAWeek: number }[] };

export const pagesNote = storedNote<PagesOfWeek>()(
  'pages of the week',
  1,
  z.object({ at: whole, policies: z.array(z.object({ policy: text, pages: whole, pagesAWeek: measured })) }),
);
