import * as z from 'zod';
import { asIncidentId, type IncidentId } from '../../vocabulary/ids.ts';
import { signed, verified } from './signed-text.ts';

const schema = z.strictObject({ incident: z.string().min(1), until: z.int().min(0) });

/** Whoever has the link may look at this incident, until then. */
export type IncidentLink = { incident: IncidentId; until: number };

/** A link is passed on, so it does not last. */
export const longestLinkMs = 30 * 86_400_000;

export const sealLink = (key: Uint8Array, link: IncidentLink): string => signed(key, link);

/** The link of a token; undefined if none of the keys signed it, or its time is over. */
export function openLink(keys: readonly Uint8Array[], token: string, now: number): IncidentLink | undefined {
  const read = schema.safeParse(verified(keys, token));
  if (!read.success || now >= read.data.until) return undefined;
  return { incident: asIncidentId(read.data.incident), until: read.data.until };
}

/**
 * The paths that a link opens: the page of its incident, and what is on it. They are compared as
 * they are routed, decoded.
 */
export const linkOpens = ({ incident }: IncidentLink, path: string): boolean =>
  path === '/api/session' ||
  [`/incidents/${incident}`, `/api/incidents/${incident}`].some((page) =>
    ['', '/timeline', '/chart', '/chart.svg'].some((part) => path === `${page}${part}`),
  );
