import type { Incident } from '../../core/response/incidents/incident.ts';
import type { Change, ChangeKind, ChangePlace } from '../../core/telemetry/changes/change.ts';
import { changeText } from '../../core/telemetry/changes/change-text.ts';
import { asChangeId, type ChangeId } from '../../core/vocabulary/ids.ts';
import type { Matchers } from '../../core/vocabulary/matchers/matcher.ts';
import { labelOf, matches } from '../../core/vocabulary/matching.ts';
import { holdsWords } from '../../core/vocabulary/words.ts';
import type { Ports } from '../ports/ports.ts';

const readAtOnce = 500;
/** A request looks through as many; `next` goes on from there. */
const mostRead = 5000;
/** Newest incidents that are asked which changes they were told of. */
const mostIncidents = 300;

export type ChangeFilter = {
  kinds?: readonly ChangeKind[] | undefined;
  match?: Matchers | undefined;
  /** Part of what it says, of who did it, or of a label. */
  text?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
  /** Without what is labelled as another team's, by `owner` or `team`. */
  team?: string | undefined;
};

/** A change, and incidents that were told of it. */
export type ListedChange = { change: Change; incidents: Pick<Incident, 'id' | 'title' | 'status' | 'severity'>[] };

/** Newest first; `next`: where to go on, while there may be more. */
export async function changeList(
  { store }: Pick<Ports, 'store'>,
  { filter, limit, before }: { filter: ChangeFilter; limit: number; before: ChangePlace | undefined },
): Promise<{ changes: ListedChange[]; next?: ChangePlace }> {
  const told = store.incidents({ status: 'all', limit: mostIncidents }).then(incidentsByChange);
  const passing = passesFilter(filter);
  let place = startOf(filter.to, before);
  const found: Change[] = [];
  for (let looked = 0; looked < mostRead; ) {
    const read = await store.changes({ limit: readAtOnce, since: filter.from, before: place });
    looked += readAtOnce;
    found.push(...read.filter(passing));
    if (found.length > limit) return listed(found.slice(0, limit), await told, found[limit - 1]);
    // A short page is no end: changes that could not be read are left out.
    const last = read.at(-1);
    if (last === undefined) return listed(found, await told);
    place = last;
  }
  return listed(found, await told, place);
}

const listed = (changes: readonly Change[], told: ReadonlyMap<ChangeId, Incident[]>, next?: ChangePlace) => ({
  changes: changes.map((change) => ({ change, incidents: told.get(change.id) ?? [] })),
  ...(next !== undefined && { next }),
});

function incidentsByChange(incidents: readonly Incident[]): ReadonlyMap<ChangeId, Incident[]> {
  const byChange = new Map<ChangeId, Incident[]>();
  for (const incident of incidents)
    for (const { id } of incident.whatChanged ?? []) {
      const known = byChange.get(id);
      if (known === undefined) byChange.set(id, [incident]);
      else known.push(incident);
    }
  return byChange;
}

function passesFilter({ kinds, match, text, to, team }: ChangeFilter): (change: Change) => boolean {
  const holds = holdsWords(text ?? '');
  return (change) => {
    const { labels } = change;
    if (kinds !== undefined && !kinds.includes(change.kind)) return false;
    if (to !== undefined && change.at >= to) return false;
    if (match !== undefined && !matches(match, { labels })) return false;
    const owner = labelOf(labels, 'owner') || labelOf(labels, 'team');
    if (team !== undefined && owner !== '' && owner !== team) return false;
    if (text === undefined) return true;
    return holds([changeText(change), change.by, change.from, change.to, ...Object.values(labels)].join(' '));
  };
}

/** Changes before the end that is asked for; no id sorts before it. */
function startOf(to: number | undefined, before: ChangePlace | undefined): ChangePlace | undefined {
  if (to === undefined || (before !== undefined && before.at < to)) return before;
  return { at: to, id: asChangeId('') };
}
