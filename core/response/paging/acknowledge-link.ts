import * as z from 'zod';
import { signed, verified } from '../../access/sign-in/signed-text.ts';
import { digest } from '../../vocabulary/fingerprint.ts';
import { asIncidentId, type IncidentId } from '../../vocabulary/ids.ts';
import { type Contact, contactKey, isReadBy } from '../contacts/contact.ts';
import type { Responder } from '../oncall/responder-schema.ts';

/**
 * Whoever has it may acknowledge this incident, as the one whom the page went to. It answers that
 * page alone: once somebody has acknowledged since `at`, it is over.
 */
export type AcknowledgeLink = {
  incident: IncidentId;
  /** When the page was decided. Milliseconds since the epoch, as `until`. */
  at: number;
  until: number;
  /**
   * The responder, where nobody else reads what is sent to the contact. Absent: it acts as the
   * contact.
   */
  responder?: string;
  /** Which contact of the config took the page. */
  contact: string;
};

/** In this order, without names: a link has to fit into a text message. */
const schema = z.tuple([z.string().min(1), z.int().min(0), z.int().min(0), z.string().nullable(), z.string().min(1)]);

export const sealAcknowledge = (key: Uint8Array, { incident, at, until, responder, contact }: AcknowledgeLink): string =>
  signed(key, [incident, at, until, responder ?? null, contact]);

/**
 * The link of a token; undefined if none of the keys signed it, or its time is over. `lastsMs`: a
 * config that shortens links shortens those that were sent as well.
 */
export function openAcknowledge(
  keys: readonly Uint8Array[],
  token: string,
  now: number,
  lastsMs: number,
): AcknowledgeLink | undefined {
  const read = schema.safeParse(verified(keys, token));
  if (!read.success) return undefined;
  const [incident, at, until, responder, contact] = read.data;
  if (now >= Math.min(until, at + lastsMs) || at > now + clockSkewMs) return undefined;
  return { incident: asIncidentId(incident), at, until, contact, ...(responder !== null && { responder }) };
}

/** How far the clocks of two machines that sign for each other may be apart. */
const clockSkewMs = 300_000;

/**
 * Names a contact of the config in a link: its key may be a long ARN, and is nobody's business
 * there.
 */
export const contactDigest = (contact: Contact): string => digest(contactKey(contact), 12);

/** What a link sent to this contact acts as: a person only where nobody else reads it. */
export function linkActsAs(
  contact: Contact,
  name: string | undefined,
  responders: Readonly<Record<string, Responder>>,
): { responder?: string; contact: string } {
  const responder = name === undefined || !Object.hasOwn(responders, name) ? undefined : responders[name];
  const isTheirs = name !== undefined && responder !== undefined && isReadBy(contact, name, responder);
  return { contact: contactDigest(contact), ...(isTheirs && { responder: name }) };
}
