import { type Digest, digestOf, type Told } from '../../core/selfcheck/digest/digest.ts';
import { readTroubles } from '../evaluate/rule-troubles.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * The most incidents that are looked at, and the most timelines that are read: a week has fewer.
 */
const maxIncidents = 2000;
const maxTimelines = 500;
const atOnce = 20;

/** What happened in [from, to), by the store. `zone` says when it is night. */
export async function readDigest(
  { store, config }: Pick<Ports, 'store' | 'config'>,
  { from, to, zone }: { from: number; to: number; zone: string },
): Promise<Digest> {
  const [recent, open, silences, alerts, troubles] = await Promise.all([
    store.incidents({ status: 'all', limit: maxIncidents }),
    store.incidents({ status: 'open', limit: maxIncidents }),
    store.silences(to),
    store.alerts(),
    readTroubles({ store }),
  ]);
  const all = new Map([...recent, ...open].map((incident) => [incident.id, incident]));
  const ofPeriod = [...all.values()].filter(
    ({ openedAt, resolvedAt }) => openedAt < to && (resolvedAt ?? Number.POSITIVE_INFINITY) >= from,
  );
  const told: Told[] = [];
  for (let start = 0; start < Math.min(ofPeriod.length, maxTimelines); start += atOnce) {
    const some = ofPeriod.slice(start, Math.min(start + atOnce, maxTimelines));
    told.push(...(await Promise.all(some.map(async (incident) => ({ incident, timeline: await store.timeline(incident.id) })))));
  }
  const unread = Math.max(0, ofPeriod.length - maxTimelines);
  return digestOf({ from, to, zone, told, unread, silences, alerts, troubles: troubles?.rules ?? [] }, config.policies);
}
