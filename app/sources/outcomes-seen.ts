import { type AskingRule, judgesProfiles } from '../../core/detection/rules/rule-schema.ts';
import {
  aboutOf,
  isFraction,
  meaninglessBySeen,
  type PredictionMetric,
  type SeenOutcomes,
} from '../../core/telemetry/metric-meaning.ts';
import type { Point } from '../../core/telemetry/series.ts';
import type { PredictionsSourceConfig } from '../../core/telemetry/sources/kinds/predictions.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import type { Source } from '../ports/source.ts';

type Named = { name: string; source: PredictionsSourceConfig };

/** By rule: why its metric means nothing for what its source has seen. */
export async function meaninglessRules(
  stored: Source<'predictions'>,
  { name, source }: Named,
  rules: readonly [id: string, rule: AskingRule][],
  now: number,
): Promise<Record<string, string>> {
  const faults: Record<string, string> = {};
  for (const [id, rule] of rules) {
    const metric = rule.query.predictions?.metric;
    if (metric === undefined || judgesProfiles(rule) || aboutOf(metric) === 'anything') continue;
    const fault = meaninglessBySeen(metric, name, await outcomesSeen(stored, { name, source }, rule, now), source);
    if (fault !== undefined) faults[id] = fault;
  }
  return faults;
}

const metrics = ['accuracy', 'mae', 'precision', 'recall'] as const satisfies readonly PredictionMetric[];

/** The labelled predictions of all that is kept, as one point. */
async function outcomesSeen(
  stored: Source<'predictions'>,
  { name, source }: Named,
  rule: AskingRule,
  now: number,
): Promise<SeenOutcomes> {
  const to = (Math.floor(now / source.bucket) + 1) * source.bucket;
  const over = Math.max(1, Math.floor(source.retain / source.bucket)) * source.bucket;
  const requests = metrics.map((metric) => {
    const query = { predictions: { metric, over, by: [] } };
    return { ruleId: asRuleId(metric), rule: { ...rule, step: source.bucket, query }, from: to - source.bucket, to };
  });
  const answers = await stored.query(name, source, requests, now);
  const points = answers.map((answer): Point | undefined => (answer.ok ? answer.series[0]?.points.at(-1) : undefined));
  const [labelled, numeric, predicted, actual] = points.map((point) => point?.count ?? 0) as [number, number, number, number];
  const error = numeric * (points[1]?.value ?? 0);
  return {
    labelled,
    numeric,
    hasFractions: isFraction(error, numeric),
    positives: predicted + actual,
  };
}
