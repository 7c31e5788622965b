import * as z from 'zod';
import { signed, verified } from './signed-text.ts';

const time = z.int().min(0);

/**
 * How somebody proved who they are. The role is no part of it: it follows from the config each
 * time.
 */
const sessionSchema = z.discriminatedUnion('how', [
  z.strictObject({ how: z.literal('password'), name: z.string(), from: time, until: time }),
  z.strictObject({
    how: z.literal('oidc'),
    subject: z.string(),
    name: z.string().optional(),
    email: z.string().optional(),
    groups: z.array(z.string()),
    from: time,
    until: time,
  }),
]);

/** `until`: milliseconds since the epoch. */
export type Session = z.output<typeof sessionSchema>;
/** Each way to sign in has keys of its own. */
export type SessionHow = Session['how'];

/** A session as a cookie holds it. */
export const sealSession = (key: Uint8Array, session: Session): string => signed(key, session);

/** The session of a cookie; undefined if it was not signed by one of the keys, or has ended. */
export function openSession(
  { how, keys }: { how: SessionHow; keys: readonly Uint8Array[] },
  text: string,
  now: number,
  lastsMs: number,
): Session | undefined {
  const read = sessionSchema.safeParse(verified(keys, text));
  if (!read.success || read.data.how !== how) return undefined;
  // A config that shortens sessions shortens those that have begun as well.
  const { from, until } = read.data;
  return now < Math.min(until, from + lastsMs) && from <= now + clockSkewMs ? read.data : undefined;
}

/** How far the clocks of two machines that sign for each other may be apart. */
const clockSkewMs = 300_000;
