import * as z from 'zod';
import { kindsIn } from '../../vocabulary/kinds.ts';
import { exactlyOne } from '../../vocabulary/schema-parts.ts';
import { type Contact, type ContactKind, contactKinds } from './contact.ts';

type Written = { [K in ContactKind]: z.ZodOptional<(typeof contactKinds)[K]['input']> };

const kinds = kindsIn(contactKinds);
const written = Object.fromEntries(kinds.map((kind) => [kind, contactKinds[kind].input.optional()])) as unknown as Written;

/** Reads `slack: C123` as `{ kind: 'slack', channel: 'C123' }`. What it has read, it does not read again. */
export const contactSchema = z
  .strictObject(written)
  .superRefine(exactlyOne(kinds))
  .transform((given): Contact => {
    const kind = kinds.find((one) => given[one] !== undefined) as ContactKind;
    return (contactKinds[kind].fromInput as (written: unknown) => Contact)(given[kind]);
  });
