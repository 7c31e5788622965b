import type { RuleQuery } from '../../telemetry/sources/query-schema.ts';

/** The time one point of a rule summarises, in milliseconds. */
export const pointSpanOf = ({ query, step }: { query: RuleQuery; step: number }): number =>
  (query.predictions ?? query.samples ?? query.otlp)?.over ?? step;
