import * as z from 'zod';
import { signed, verified } from '../../access/sign-in/signed-text.ts';
import { asFingerprint, asIncidentId, type Fingerprint, type IncidentId } from '../../vocabulary/ids.ts';

/**
 * Whoever has it may see the chart of one alert of this incident, as of `at`. Milliseconds since
 * the epoch.
 */
export type ChartLink = { incident: IncidentId; series: Fingerprint; at: number; until: number };

const schema = z.tuple([z.string().min(1), z.string().min(1), z.int().min(0), z.int().min(0)]);

export const sealChart = (key: Uint8Array, { incident, series, at, until }: ChartLink): string =>
  signed(key, [incident, series, at, until]);

/** The link of a token; undefined if none of the keys signed it, or its time is over. */
export function openChart(keys: readonly Uint8Array[], token: string, now: number, lastsMs: number): ChartLink | undefined {
  const read = schema.safeParse(verified(keys, token));
  if (!read.success) return undefined;
  const [incident, series, at, until] = read.data;
  if (now >= Math.min(until, at + lastsMs)) return undefined;
  return { incident: asIncidentId(incident), series: asFingerprint(series), at, until };
}
