import type { Person } from '../../core/access/permission.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import type { Ports } from '../ports/ports.ts';
import { endOverride } from './override.ts';
import { type Refused, refused } from './refused.ts';
import { endSilence } from './silence.ts';

/** Ends what a person began and what would end by itself: a silence or an override, whose ids tell which. */
export async function endEarly(
  ports: Ports,
  request: { id: string } & Person,
  now: number,
): Promise<Refused | { ok: true; message: string }> {
  if (request.id.startsWith('sil-')) return endSilence(ports, request, now);
  if (request.id.startsWith('ovr-')) return endOverride(ports, request, now);
  const expected = 'expected the id of a silence (sil-...) or of an override (ovr-...)';
  return refused('not found', `${expected}; received ${shown(request.id)}`);
}
