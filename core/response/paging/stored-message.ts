import * as z from 'zod';
import { text, whole } from '../../vocabulary/stored-parts.ts';
import type { Reads } from '../../vocabulary/stored-record.ts';
import type { ContactKind } from '../contacts/contact.ts';
import { storedTarget } from '../escalation/page-target.ts';
import { type PostedMessage, pageReasons } from './posted.ts';

export const storedMessage = z.object({
  // Of a kind that is unknown here it is kept, and not updated.
  ref: z.object({ kind: z.custom<ContactKind>((value) => typeof value === 'string'), place: text, id: text }),
  reason: z.enum(pageReasons),
  why: text,
  decidedAt: whole.optional(),
  target: storedTarget,
  tier: whole,
});
true satisfies Reads<typeof storedMessage, PostedMessage>;

/** A message from when only Slack had any. */
export function renamedRef(message: unknown): unknown {
  if (typeof message !== 'object' || message === null || !('ref' in message)) return message;
  const { ref } = message;
  if (typeof ref !== 'object' || ref === null || !('slackChannel' in ref) || !('ts' in ref)) return message;
  return { ...message, ref: { kind: 'slack', place: ref.slackChannel, id: ref.ts } };
}
