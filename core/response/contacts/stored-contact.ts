import * as z from 'zod';
import { exactlyOne } from '../../vocabulary/schema-parts.ts';
import { text } from '../../vocabulary/stored-parts.ts';
import type { Reads } from '../../vocabulary/stored-record.ts';
import type { Contact } from './contact-schema.ts';

/** A contact as effects and incidents keep it; its address must be one, for lanes are named by its host. */
export const storedContact = z
  .object({
    slack: text.optional(),
    sns: text.optional(),
    webhook: z.object({ url: z.string().refine((url) => URL.canParse(url)), secret: text }).optional(),
    terminal: z.literal(true).optional(),
  })
  .superRefine(exactlyOne(['slack', 'sns', 'webhook', 'terminal']));
true satisfies Reads<typeof storedContact, Contact>;
