import { type AuditFilter, filters, passes } from '../../core/access/audit-filter.ts';
import type { AuditEntry, AuditPlace } from '../../core/access/audit-log.ts';
import { asAuditEntryId } from '../../core/vocabulary/ids.ts';
import type { Ports } from '../ports/ports.ts';

const readAtOnce = 1000;
/** A request looks through as many; `older` goes on from there. */
const mostRead = 10_000;

/** Entries, oldest first; `older`: where to go on, while there may be more. */
export type AuditPage = { entries: AuditEntry[]; older?: AuditPlace };

/** The newest entries that pass a filter, of those before a place. */
export async function auditEntries(
  { store }: Pick<Ports, 'store'>,
  { filter, limit, before }: { filter: AuditFilter; limit: number; before?: AuditPlace | undefined },
): Promise<AuditPage> {
  // One more tells whether there are older ones; without a filter no more is read than is shown.
  const most = filters(filter) ? readAtOnce : limit + 1;
  let place = startOf(filter.to, before);
  const found: AuditEntry[] = [];
  for (let looked = 0; looked < mostRead; ) {
    const read = await store.auditLog(most, place);
    looked += read.length;
    const first = read[0];
    found.unshift(...read.filter((entry) => passes(entry, filter)));
    if (found.length > limit) return shortened(found, limit);
    // A short page is no end: entries that could not be read are left out.
    const isEnd = first === undefined || (filter.from !== undefined && first.at < filter.from);
    if (isEnd) return { entries: found };
    place = first;
  }
  return { entries: found, ...(place === undefined ? {} : { older: { at: place.at, id: place.id } }) };
}

function shortened(found: readonly AuditEntry[], limit: number): AuditPage {
  const entries = found.slice(-limit);
  const [first] = entries;
  return { entries, ...(first === undefined ? {} : { older: first }) };
}

/** Entries before the end that is asked for; no id sorts before it. */
function startOf(to: number | undefined, before: AuditPlace | undefined): AuditPlace | undefined {
  if (to === undefined || (before !== undefined && before.at < to)) return before;
  return { at: to, id: asAuditEntryId('0') };
}
