import { isAsking, type Rule } from '../detection/rules/rule-schema.ts';
import { pairsAsked } from '../telemetry/samples/segments.ts';
import type { SourceConfig } from '../telemetry/sources/source.ts';

type Asked = { sources: Record<string, SourceConfig>; rules: Record<string, Rule> };

/**
 * Tells each source of predictions which pairs of segments its rules split by. Records are counted
 * by these only, for all pairs of all segments would be many.
 */
export function withPairs<C extends Asked>(config: C): C {
  const asking = Object.values(config.rules).filter(isAsking);
  const sources = Object.entries(config.sources).map(([name, source]): [string, SourceConfig] => {
    if (source.kind !== 'predictions') return [name, source];
    const pairs = pairsAsked(asking.flatMap((rule) => (rule.source === name ? [rule.query.predictions] : [])));
    return [name, pairs.length === 0 ? source : { ...source, pairs }];
  });
  return { ...config, sources: Object.fromEntries(sources) };
}
