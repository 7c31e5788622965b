import { arrivalNote } from '../../core/selfcheck/vitals/stored-rules.ts';
import type { Series } from '../../core/telemetry/series.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import { labelsKey } from '../../core/vocabulary/labels-key.ts';
import { readNote, writeNote } from '../notes.ts';
import type { Source, SourceRequest, SourceResult } from '../ports/source.ts';
import type { Store } from '../ports/store.ts';

/** The limit of one stored item. Beyond it, points decide which series is older. */
const maxRemembered = 20_000;

type Memory = Pick<Store, 'meta' | 'setMeta' | 'quarantineNote'>;

/**
 * For a source that keeps no list of its series, such as CloudWatch: once a rule matches more than
 * `maxSeries`, remembers the order of arrival, so that a newer series never displaces one that was
 * judged and still has points. Rules within their limit cost nothing.
 */
export function rememberedArrival(source: Source, store: Memory): Source {
  return {
    async query(name, config, requests, now) {
      const answers = await source.query(name, config, requests, now);
      return Promise.all(
        answers.map((answer, place) => {
          const request = requests[place];
          return request === undefined ? answer : withArrival(store, request, answer);
        }),
      );
    },
  };
}

async function withArrival(store: Memory, { ruleId, rule }: SourceRequest, answer: SourceResult): Promise<SourceResult> {
  if (!answer.ok || answer.series.length <= rule.maxSeries) return answer;
  const note = arrivalNote(ruleId);
  // An unreadable note counts as none; points decide the order, as the first time.
  const known = (await readNote(store, note))?.keys ?? [];
  const places = new Map(known.map((key, place) => [key, place]));
  const inOrder = answer.series
    .map((series) => ({ series, key: digest(labelsKey(series.labels), 10) }))
    .sort(
      (a, b) => placeOf(places, a.key) - placeOf(places, b.key) || beginOf(a.series) - beginOf(b.series) || order(a.key, b.key),
    );
  const next = inOrder.slice(0, Math.min(maxRemembered, rule.maxSeries)).map(({ key }) => key);
  if (next.join() !== known.join()) await writeNote(store, note, { keys: next });
  return { ...answer, series: inOrder.map(({ series }, arrival) => ({ ...series, arrival })) };
}

const placeOf = (places: ReadonlyMap<string, number>, key: string): number => places.get(key) ?? maxRemembered;
const beginOf = ({ points }: Series): number => points[0]?.at ?? Number.MAX_SAFE_INTEGER;
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
