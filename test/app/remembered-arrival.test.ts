import { describe, expect, it } from 'vitest';
import type { Source, SourceRequest } from '../../app/ports/source.ts';
import { rememberedArrival } from '../../app/sources/remembered-arrival.ts';
import { withinLimit } from '../../core/telemetry/samples/series-limit.ts';
import { labelsKey } from '../../core/vocabulary/labels-key.ts';
import { minute, storyOf, t0 } from '../scenario/harness.ts';

/**
 * A source that lists nothing: hosts with a point each minute since they came, of the last ten
 * minutes.
 */
function listing(hosts: Record<string, number>): Source {
  return {
    query: async (_name, _config, requests, now) =>
      requests.map(() => ({
        ok: true as const,
        series: Object.entries(hosts).map(([host, came]) => ({
          labels: { host },
          points: Array.from({ length: 10 }, (_, n) => ({ at: now - (9 - n) * minute, value: 1 })).filter(({ at }) => at >= came),
        })),
      })),
  };
}

const request = (maxSeries: number) => ({ ruleId: 'slow', rule: { maxSeries }, from: 0, to: 0 }) as unknown as SourceRequest;

describe('a source that keeps no list of its series', () => {
  const judgedBy = async (source: Source, store: ReturnType<typeof storyOf>['store'], now: number, maxSeries = 2) => {
    const [answer] = await rememberedArrival(source, store).query('aws', {} as never, [request(maxSeries)], now);
    if (!answer?.ok) throw new Error('expected an answer');
    const { judged } = withinLimit(answer.series, maxSeries, ({ labels, points, arrival }) => ({
      alerted: false,
      arrival: arrival ?? points[0]?.at,
      quiet: points.length === 0,
      key: labelsKey(labels),
    }));
    return judged.map(({ labels }) => labels['host']).sort();
  };

  it('lets no newer series take the place of one that was judged, however long both have points', async () => {
    const { store } = storyOf();
    const hosts: Record<string, number> = { y: t0, z: t0 };
    expect(await judgedBy(listing(hosts), store, t0 + 5 * minute)).toEqual(['y', 'z']);
    for (const host of ['a', 'b', 'c']) hosts[host] = t0 + 6 * minute;
    for (const n of [6, 12, 60, 600]) expect(await judgedBy(listing(hosts), store, t0 + n * minute)).toEqual(['y', 'z']);
  });

  it('gives the place of one that is gone to the oldest of the others', async () => {
    const { store } = storyOf();
    const hosts: Record<string, number> = { y: t0, z: t0, b: t0 + 6 * minute, a: t0 + 8 * minute };
    expect(await judgedBy(listing(hosts), store, t0 + 9 * minute)).toEqual(['y', 'z']);
    delete hosts['z'];
    expect(await judgedBy(listing(hosts), store, t0 + 10 * minute)).toEqual(['b', 'y']);
    expect(await judgedBy(listing(hosts), store, t0 + 600 * minute)).toEqual(['b', 'y']);
  });

  it('notes nothing while a rule is within its limit', async () => {
    const { store } = storyOf();
    await judgedBy(listing({ y: t0, z: t0 }), store, t0 + minute);
    expect(await store.meta('series of slow')).toBeUndefined();
  });
});
