import type { Context } from 'hono';
import type { AlertsResult } from '../app/ingest/ingest-alerts.ts';
import type { CheckCounts } from '../core/alerting/intakes/checks/check-result.ts';
import { answerOf, countOf } from '../core/telemetry/samples/refusals.ts';

/**
 * What became of alerts: 200 with an empty body if nothing is to be said, or with what was ignored,
 * cut or not understood, or of checks how they ended; 400 if some were refused and the others
 * accepted.
 */
export function alertsAnswer(c: Context, result: AlertsResult & { leftOut?: number; checks?: CheckCounts }): Response {
  const { accepted, ignored, outdated, rejected, cut, defaulted, leftOut = 0, checks } = result;
  const told = {
    ...(ignored === 0 ? {} : { ignored }),
    ...(outdated === 0 ? {} : { outdated }),
    ...(leftOut === 0 ? {} : { leftOut }),
    ...(checks === undefined ? {} : { checks }),
    ...(countOf(cut) === 0 ? {} : { cut: countOf(cut), cuts: cut.rejected }),
    ...(countOf(defaulted) === 0 ? {} : { defaulted: countOf(defaulted), defaults: defaulted.rejected }),
  };
  if (rejected.length > 0) return c.json({ accepted, ...answerOf(result), ...told }, 400);
  return Object.keys(told).length > 0 ? c.json({ accepted, ...told }, 200) : c.body(null, 200);
}
