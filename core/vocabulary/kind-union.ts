import * as z from 'zod';
import { kindsIn } from './kinds.ts';
import { exactlyOne } from './schema-parts.ts';

/**
 * How one kind is written in the config, under its name. `any`, because each kind reads another
 * shape.
 */
// biome-ignore lint/suspicious/noExplicitAny: what `input` gives is what `fromInput` takes; each kind's file holds the two together.
type Read = { input: z.ZodType; fromInput(written: any): unknown };

/**
 * Reads a mapping with one key, the name of the kind, as a union member: `slack: C123` becomes `{
 * kind: 'slack', channel: 'C123' }`. Its output is not valid input.
 */
export function kindUnion<T, Table extends Record<string, Read>>(table: Table) {
  const kinds = kindsIn(table as Record<string, Read>);
  const written = Object.fromEntries(kinds.map((kind) => [kind, table[kind]?.input.optional()])) as unknown as {
    [K in keyof Table]: z.ZodOptional<Table[K]['input']>;
  };
  return z
    .strictObject(written)
    .superRefine(exactlyOne(kinds))
    .transform((given: Record<string, unknown>): T => {
      const kind = kinds.find((one) => given[one] !== undefined) as string;
      return (table[kind] as Read).fromInput(given[kind]) as T;
    });
}
