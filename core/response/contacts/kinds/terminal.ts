import * as z from 'zod';
import type { ContactKindOf } from '../contact-kind.ts';

export type TerminalContact = { kind: 'terminal' };

const written = z.literal(true).describe('Lines in the terminal of `npm start`.');

export const terminalContact = {
  input: written,
  fromInput: () => ({ kind: 'terminal' }),
  stored: z.object({ kind: z.literal('terminal') }),
  key: () => 'terminal',
  receiver: () => 'terminal',
  text: () => 'terminal',
  // A line in the terminal disturbs nobody.
  disturbsSame: () => false,
  secrets: () => [],
  permissions: () => [],
  missing: () => undefined,
  awsFault: () => 'log only',
} satisfies ContactKindOf<TerminalContact, typeof written>;
