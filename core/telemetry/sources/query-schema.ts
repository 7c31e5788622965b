import * as z from 'zod';
import { kindsIn } from '../../vocabulary/kinds.ts';
import { exactlyOne } from '../../vocabulary/schema-parts.ts';
import { type AskedKind, sourceKinds } from './source.ts';

/** Kinds of source that rules can query, in declaration order. */
export const askedKinds = kindsIn(sourceKinds).filter((kind): kind is AskedKind => sourceKinds[kind].query !== undefined);

const queries = Object.fromEntries(askedKinds.map((kind) => [kind, sourceKinds[kind].query.optional()])) as unknown as {
  [K in AskedKind]: z.ZodOptional<(typeof sourceKinds)[K]['query']>;
};

/** What a rule queries: one key, the kind of its source. */
export const querySchema = z.strictObject(queries).superRefine(exactlyOne(askedKinds));

export type RuleQuery = z.output<typeof querySchema>;
