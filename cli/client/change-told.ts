import type { Refused } from '../../core/telemetry/samples/refusals.ts';
import type { Done } from './client.ts';

type Taken = { accepted: number; duplicates: number; rejections: Refused['rejected'] };

/** What became of one change. */
export function changeTold({ accepted, duplicates, rejections: [first] }: Taken): Done {
  if (first !== undefined) return { ok: false, message: first.reason };
  return { ok: true, message: accepted === 0 && duplicates > 0 ? 'it was told of before' : 'told' };
}
