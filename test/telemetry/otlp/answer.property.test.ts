import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seriesOf } from '../../../core/telemetry/otlp/answer.ts';
import { type Content, mergeContent } from '../../../core/telemetry/otlp/content.ts';
import { statisticOf } from '../../../core/telemetry/otlp/statistic.ts';
import { sourceKinds } from '../../../core/telemetry/sources/source.ts';

const bucket = 60_000;
const query = sourceKinds.otlp.query.parse({ metric: 'm', statistic: 'sum' });

it('spans that overlap, and that nothing came in, have the points of buckets that are merged anew for each', () => {
  const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 40 });
  const lengths = fc.integer({ min: 1, max: 12 });
  fc.assert(
    fc.property(minutes, lengths, lengths, (filled, step, over) => {
      const buckets = filled
        .toSorted((a, b) => a - b)
        .map((minute) => ({
          start: minute * bucket,
          content: { form: 'counter', points: 1, increase: 2 ** (minute % 20) } satisfies Content,
        }));
      const spans = { first: 0, to: 45 * bucket, step: step * bucket, over: over * bucket, bucket };
      const expected = [];
      for (let at = 0; at <= spans.to; at += spans.step) {
        const inside = buckets.filter(({ start }) => start >= at - spans.over && start + bucket <= at);
        const [first, ...rest] = inside.map(({ content }): Content => content);
        if (first !== undefined) expected.push({ at, ...statisticOf(rest.reduce(mergeContent, first), query, over * 60) });
      }
      expect(seriesOf({}, buckets, query, spans).series.points).toEqual(expected);
    }),
  );
});
