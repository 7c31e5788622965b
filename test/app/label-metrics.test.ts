import { describe, expect, it } from 'vitest';
import { ingestLabels, ingestPredictions } from '../../app/ingest/ingest.ts';
import type { SourceRequest } from '../../app/ports/source.ts';
import type { ConfigInput } from '../../core/config/schema.ts';
import type { RuleQuery } from '../../core/telemetry/sources/query-schema.ts';
import { configOf, ruleOn } from '../scenario/harness.ts';
import { day, hour, type Runtime, runtimeOf, t0 } from './runtime.ts';

const sources: ConfigInput['sources'] = {
  flights: { kind: 'predictions', model: 'flights', bucket: '1h', labelWait: '2d', retain: '30d', segments: { country: ['DE'] } },
};
const body = (records: readonly unknown[]) => ({ contentType: 'application/json', text: JSON.stringify(records) });
const predict = ({ ports }: Runtime, records: readonly unknown[], now: number) =>
  ingestPredictions(ports, 'flights', body(records), now);
const label = ({ ports }: Runtime, records: readonly unknown[], now: number) =>
  ingestLabels(ports, 'flights', body(records), now);

type Query = NonNullable<RuleQuery['predictions']>;

/** The points of a metric, as [hours since the beginning, value, count]. */
async function points({ ports }: Runtime, query: Partial<Query> & Pick<Query, 'metric'>, from: number, to: number) {
  const rules = { asked: ruleOn('m', { step: '1h' }) };
  const { rules: parsed } = configOf({ rules });
  const rule = { ...parsed['asked'], query: { predictions: { over: hour, by: [], ...query } }, source: 'flights' };
  const request = { ruleId: 'asked', rule, from: t0 + from * hour, to: t0 + to * hour } as unknown as SourceRequest;
  const source = ports.config.sources['flights'] as never;
  const [result] = await ports.sources.predictions.query('flights', source, [request], t0 + to * hour);
  if (result?.ok !== true) throw new Error(result?.error);
  return result.series.map((one) => ({
    labels: one.labels,
    points: one.points.map(({ at, value, count }) => [(at - t0) / hour, value, count]),
  }));
}

const made = (ids: readonly string[], at: number) => ids.map((id) => ({ id, timestamp: at, prediction: 1 }));
const known = (ids: readonly string[]) => ids.map((id) => ({ id, label: 1 }));

describe('label coverage', () => {
  it('is the share of predictions of some age that have their label', async () => {
    const run = runtimeOf({ sources });
    await predict(run, made(['a', 'b', 'c', 'd'], t0), t0);
    await predict(run, made(['e', 'f'], t0 + hour), t0 + hour);
    await label(run, known(['a', 'b', 'c', 'e']), t0 + 2 * hour);
    const [whole] = await points(run, { metric: 'label_coverage', after: 3 * hour }, 0, 6);
    expect(whole).toEqual({
      labels: { model: 'flights' },
      points: [
        [4, 0.75, 4],
        [5, 0.5, 2],
      ],
    });
  });

  it('goes by segment and version, and never past one', async () => {
    const run = runtimeOf({ sources });
    await predict(run, [{ id: 'a', timestamp: t0, prediction: 1, version: '7', features: { country: 'DE' } }], t0);
    await label(run, [{ timestamp: t0, version: '7', prediction: 1, label: 1, features: { country: 'DE' } }], t0);
    await label(run, [{ timestamp: t0, version: '7', prediction: 1, label: 1, features: { country: 'DE' } }], t0 + 1);
    const of = { metric: 'label_coverage', after: hour, by: ['version', 'country'] } as const;
    expect(await points(run, { ...of, by: [...of.by] }, 0, 2)).toEqual([
      { labels: { model: 'flights', version: '7', country: 'DE' }, points: [[2, 1, 1]] },
    ]);
  });
});

describe('metrics of labels by the time at which they came', () => {
  it('tell the mean delay of first labels in seconds, where they came', async () => {
    const run = runtimeOf({ sources });
    await predict(run, made(['a', 'b', 'c'], t0), t0);
    await label(run, known(['a']), t0 + 2 * hour);
    await label(run, known(['b']), t0 + 2 * hour + 1800_000);
    await label(run, [{ id: 'a', label: 0 }], t0 + 2 * hour);
    await label(run, known(['c']), t0 + 5 * hour);
    const [delay] = await points(run, { metric: 'label_delay' }, 0, 8);
    expect(delay).toEqual({
      labels: { model: 'flights' },
      points: [
        [3, 2.25 * 3600, 2],
        [6, 5 * 3600, 1],
      ],
    });
  });

  it('tell the share of labels that found no prediction, until it comes', async () => {
    const run = runtimeOf({ sources });
    await predict(run, made(['a'], t0), t0);
    await label(run, known(['a', 'b', 'c', 'd']), t0);
    const metric = 'unmatched_label_rate';
    expect((await points(run, { metric }, 0, 1))[0]?.points).toEqual([[1, 0.75, 4]]);
    await predict(run, made(['b'], t0), t0 + 1000);
    expect((await points(run, { metric }, 0, 1))[0]?.points).toEqual([[1, 0.5, 4]]);
    await predict(run, made(['c', 'd'], t0), t0 + hour);
    expect((await points(run, { metric, over: 2 * hour }, 1, 2))[0]?.points).toEqual([[2, 0, 4]]);
    // On its own the second hour holds fewer than none.
    expect((await points(run, { metric }, 1, 2))[0]?.points).toEqual([[2, 0, 2]]);
  });

  it('count a label as unmatched that comes after labelWait', async () => {
    const run = runtimeOf({ sources });
    await predict(run, made(['a'], t0), t0);
    await label(run, known(['a']), t0 + 2 * day);
    expect((await points(run, { metric: 'unmatched_label_rate' }, 48, 49))[0]?.points).toEqual([[49, 1, 1]]);
    expect((await points(run, { metric: 'label_delay' }, 48, 49))[0]?.points).toEqual([]);
  });

  it('tell the share of labels that replaced another', async () => {
    const run = runtimeOf({ sources });
    await predict(run, made(['a', 'b', 'c'], t0), t0);
    await label(run, known(['a', 'b', 'c']), t0);
    await label(run, [{ id: 'a', label: 0 }], t0);
    expect((await points(run, { metric: 'corrected_label_rate' }, 0, 1))[0]?.points).toEqual([[1, 0.25, 4]]);
  });

  it('have no series while no label has ever come', async () => {
    const run = runtimeOf({ sources });
    await predict(run, made(['a'], t0), t0);
    expect(await points(run, { metric: 'label_delay' }, 0, 2)).toEqual([]);
  });
});
