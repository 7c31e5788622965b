/**
 * Metrics that were sent by OTLP, asked of what receives them (local/otlp/).
 *
 * - A point at `at` summarises the buckets wholly inside (at - over, at], as those of samples do
 *   (core/telemetry/samples/windows.ts). A span in which nothing came has no point.
 * - A known series without data in range is returned without points.
 * - Labels are those of `by`, then those of the source.
 */
import type { Outside } from '../../app/ports/outside.ts';
import type { Source, SourceResult } from '../../app/ports/source.ts';

const nowhere = 'OTLP metrics are asked of the service that receives them: npm start, or the deployment on AWS';

export const openSource = ({ otlp }: Outside): Source<'otlp'> => ({
  async query(name, { lag }, requests, now) {
    if (otlp === undefined) return requests.map(() => ({ ok: false, error: nowhere }));
    const questions = requests.flatMap(({ rule: { query, step }, from, to }) =>
      query.otlp === undefined ? [] : [{ query: query.otlp, from, to: Math.min(to, now - lag), step }],
    );
    try {
      const answers = (await otlp.query(name, questions)).values();
      return requests.map(
        ({ ruleId, rule }): SourceResult =>
          rule.query.otlp === undefined
            ? { ok: false, error: `rule ${ruleId} has no otlp query; give it \`query: { otlp: ... }\`` }
            : (answers.next().value ?? { ok: false, error: 'the OTLP receiver gave no answer' }),
      );
    } catch (cause) {
      const error = `the OTLP receiver does not answer: ${cause instanceof Error ? cause.message : String(cause)}`;
      return requests.map(() => ({ ok: false, error }));
    }
  },
});
