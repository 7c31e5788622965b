import * as z from 'zod';
import { text, whole } from '../../vocabulary/stored-parts.ts';
import type { Reads } from '../../vocabulary/stored-record.ts';
import { storedTarget } from '../escalation/page-target.ts';
import { type PostedMessage, pageReasons } from './posted.ts';

export const storedMessage = z.object({
  ref: z.object({ channel: z.literal('slack'), slackChannel: text, ts: text }),
  reason: z.enum(pageReasons),
  why: text,
  decidedAt: whole.optional(),
  target: storedTarget,
  tier: whole,
});
true satisfies Reads<typeof storedMessage, PostedMessage>;
