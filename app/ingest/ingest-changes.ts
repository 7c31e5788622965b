import type { ToldChange } from '../../core/telemetry/changes/change.ts';
import { parseChanges } from '../../core/telemetry/changes/posted-change.ts';
import type { BodyShape } from '../../core/telemetry/samples/body.ts';
import type { Entry } from '../../core/telemetry/samples/records.ts';
import { type Refused, refusals, refusedTogether } from '../../core/telemetry/samples/refusals.ts';
import type { Ports } from '../ports/ports.ts';
import { checkedKey } from './ingest.ts';
import { noteChanges, refusedTime } from './note-changes.ts';
import { type IngestBody, recordsIn } from './read-body.ts';

/** Each may be put onto the timelines of incidents. */
export const mostChangesPerPost = 1000;
const changesShape: BodyShape = { lists: ['records'], most: mostChangesPerPost, called: 'changes' };

/** `duplicates`: counted before, and not again. */
export type ChangesResult = Refused & { accepted: number; duplicates: number };

/** Accepts changes from a request. Good ones count even beside bad ones. Throws IngestError. */
export async function ingestChanges(ports: Ports, body: IngestBody, now: number): Promise<ChangesResult> {
  const { records, ...unread } = await recordsIn(body, parseChanges, changesShape);
  const late = refusals();
  const told = records.flatMap((entry): ToldChange[] => {
    const wrong = refusedTime(ports, entry.value, now);
    if (wrong !== undefined) late.add(entry.index, () => wrong);
    return wrong === undefined ? [keyed(entry, body.idempotencyKey)] : [];
  });
  const { noted, repeated } = await noteChanges(ports, told, body.sender ?? 'local', now);
  return { accepted: noted, duplicates: repeated, ...refusedTogether([unread, late.all()]) };
}

/** One without an id counts once under the key of its request, at its place in it. */
function keyed({ index, value }: Entry<ToldChange>, idempotencyKey: string | undefined): ToldChange {
  if (idempotencyKey === undefined || value.key !== undefined) return value;
  return { ...value, key: JSON.stringify(['request', checkedKey(idempotencyKey), index, value]) };
}
