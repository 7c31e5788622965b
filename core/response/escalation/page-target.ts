import * as z from 'zod';
import { noKindLeft } from '../../vocabulary/kinds.ts';
import { text } from '../../vocabulary/stored-parts.ts';
import type { Reads } from '../../vocabulary/stored-record.ts';

/** Who is meant by a page. `responder` of a schedule: who was on call when it was decided. */
export type PageTarget =
  | { kind: 'responder'; name: string }
  | { kind: 'schedule'; name: string; responder: string }
  | { kind: 'channel'; name: string };

/** As effects and incidents keep it. */
export const storedTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('responder'), name: text }),
  z.object({ kind: z.literal('schedule'), name: text, responder: text }),
  z.object({ kind: z.literal('channel'), name: text }),
]);
true satisfies Reads<typeof storedTarget, PageTarget>;

/**
 * For people: `responder/ana`, `schedule/ml (ana)`, `channel/ml-alerts`. Nothing is decided by it.
 */
export function targetText(target: PageTarget): string {
  switch (target.kind) {
    case 'responder':
    case 'channel':
      return `${target.kind}/${target.name}`;
    case 'schedule':
      return `schedule/${target.name} (${target.responder})`;
    default:
      return noKindLeft('target', target);
  }
}

/**
 * One key for each target, which stays the same in stored lanes. Two shifts of one schedule are two
 * targets.
 */
export const targetKey = (target: PageTarget): string =>
  JSON.stringify([target.kind, target.name, ...(target.kind === 'schedule' ? [target.responder] : [])]);

export const isSameTarget = (a: PageTarget, b: PageTarget): boolean => targetKey(a) === targetKey(b);

/** A person is the same whether reached by schedule or by name. */
export const personMeant = (target: PageTarget): PageTarget =>
  target.kind === 'schedule' ? { kind: 'responder', name: target.responder } : target;
