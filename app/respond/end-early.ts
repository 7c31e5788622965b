import type { Person } from '../../core/access/permission.ts';
import type { Endable } from '../../core/response/endable.ts';
import type { Ports } from '../ports/ports.ts';
import { endOverride } from './override.ts';
import type { Refused } from './refused.ts';
import { endSilence } from './silence.ts';

const ends = { silence: endSilence, override: endOverride } as const;

/** Ends early what a person started. */
export const endEarly = (
  ports: Ports,
  request: Endable & Person,
  now: number,
): Promise<Refused | { ok: true; message: string }> => ends[request.kind](ports, request, now);
