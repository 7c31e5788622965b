import { isAsking } from '../detection/rules/rule-schema.ts';
import type { Config } from './schema.ts';

/** Names of the metrics that rules ask of an OTLP source. */
export const askedMetrics = ({ rules }: Pick<Config, 'rules'>, source: string): ReadonlySet<string> =>
  new Set(
    Object.values(rules)
      .filter(isAsking)
      .flatMap(({ source: asked, query }) => (asked === source && query.otlp !== undefined ? [query.otlp.metric] : [])),
  );
