import * as z from 'zod';
import { text, whole } from '../../vocabulary/stored-parts.ts';
import { storedNote } from '../../vocabulary/stored-record.ts';
import { troubleKinds } from './rule-trouble.ts';
import type { InsufficientEvidence } from './undecided.ts';
import type { RuleTroubles } from './vitals.ts';

export const troublesNote = storedNote<RuleTroubles>()(
  'rule troubles',
  1,
  z.object({
    at: whole,
    starting: whole,
    more: whole,
    rules: z.array(
      z.object({ kind: z.enum(troubleKinds), text, degrades: z.boolean(), source: text.optional(), rule: text, since: whole }),
    ),
  }),
);

/** By digest of the rule name: 1 once it has judged anything, 0 before. */
export const evaluatedNote = storedNote<{ rules: Record<string, 0 | 1> }>()(
  'rules evaluated',
  1,
  z.object({ rules: z.record(z.string(), z.union([z.literal(0), z.literal(1)])) }),
);

export const undecidedNote = storedNote<{ rules: InsufficientEvidence[] }>()(
  'undecided',
  1,
  z.object({ rules: z.array(z.object({ rule: text, series: whole, of: whole, reason: text, since: whole })) }),
);

/** When the rules of each source were last judged. */
export const ticksNote = storedNote<{ sources: Record<string, number> }>()(
  'tick',
  1,
  z.object({ sources: z.record(z.string(), whole) }),
);

/** The order in which a rule's series first appeared, as digests of their labels. */
export const arrivalNote = (rule: string) =>
  storedNote<{ keys: string[] }>()(`series of ${rule}`, 1, z.object({ keys: z.array(text) }));

/** When the dead-man's switch was last pinged. */
export const pingNote = storedNote<{ at: number }>()('dead-mans ping', 1, z.object({ at: whole }));
