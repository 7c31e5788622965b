import { isAsking } from '../detection/rules/rule-schema.ts';
import { mostSpreadFeatures } from '../telemetry/sources/kinds/predictions-query.ts';
import type { Report } from '../vocabulary/report.ts';
import type { Config } from './schema.ts';

/**
 * A bucket keeps how each feature is spread that any rule asks for, and has to fit into one
 * document.
 */
export function checkSpreadFeatures({ rules }: Pick<Config, 'rules'>, report: Report): void {
  const bySource = new Map<string, Set<string>>();
  for (const [name, rule] of Object.entries(rules)) {
    if (!isAsking(rule) || rule.query.predictions?.metric !== 'feature') continue;
    const features = bySource.get(rule.source) ?? new Set<string>();
    bySource.set(rule.source, features);
    const before = features.size;
    for (const feature of rule.query.predictions.features ?? []) features.add(feature);
    if (before > mostSpreadFeatures || features.size <= mostSpreadFeatures) continue;
    const message = `expected percentiles and shares of at most ${mostSpreadFeatures} features of ${rule.source} over all rules; with this rule they are ${features.size}; ask for fewer, or compare whole features by \`drift\``;
    report(['rules', name, 'query', 'predictions', 'features'], 'value', message);
  }
}
