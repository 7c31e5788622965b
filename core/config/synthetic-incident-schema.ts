import * as z from 'zod';
import { contactSchema } from '../response/contacts/contact-schema.ts';
import { formatDuration, positiveDuration } from '../vocabulary/units.ts';

const minute = 60_000;
/** A synthetic incident ends at most this long after its page was due. */
const overAfterMs = 5 * minute;
const most = 12 * 60 * minute;
const least = 30_000;

export const syntheticIncidentSchema = z
  .strictObject({
    every: positiveDuration.prefault('1h').describe('How often one starts: at most 12h, and at least `within` plus 5m.'),
    within: positiveDuration
      .prefault('3m')
      .describe(
        'When its page must have arrived, counted from its sample; at least 30s. On AWS rules are judged once a minute, so 3m tolerates one missed tick.',
      ),
    contact: contactSchema.describe('Contact for its pages. It must reach nobody else, so that tests page no person.'),
  })
  .superRefine(({ every, within }, ctx) => {
    const refuse = (key: string, message: string) => ctx.addIssue({ code: 'custom', path: [key], message });
    const shortest = within + overAfterMs;
    if (within < least) refuse('within', `expected at least ${formatDuration(least)}; received ${formatDuration(within)}`);
    if (every > most) refuse('every', `expected at most ${formatDuration(most)}; received ${formatDuration(every)}`);
    else if (every < shortest) {
      const message = `expected at least ${formatDuration(shortest)}, which is \`within\` and ${formatDuration(overAfterMs)} for it to end`;
      refuse('every', `${message}; received ${formatDuration(every)}`);
    }
  });
