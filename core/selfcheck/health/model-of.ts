import type { Config } from '../../config/schema.ts';
import { type Rule, sourceNameOf } from '../../detection/rules/rule-schema.ts';
import { fixedLabels, modelLabel } from '../../telemetry/sources/source.ts';

/**
 * What rules are listed under: a model, else a source; `alerts` for rules on the alerts of others.
 */
export type RuleGroup = { kind: 'model' | 'source' | 'alerts'; name: string };

/** The model that a rule is about, as far as the config tells; else the source that it asks. */
export function groupOfRule({ sources }: Pick<Config, 'sources'>, rule: Rule): RuleGroup {
  const name = sourceNameOf(rule);
  const source = name === undefined || !Object.hasOwn(sources, name) ? undefined : sources[name];
  // As alerts get their labels: those of the rule replace those of its source.
  const model = { ...modelLabel(source), ...fixedLabels(source), ...rule.labels }['model'];
  if (model !== undefined) return { kind: 'model', name: model };
  return name === undefined ? { kind: 'alerts', name: 'rules on alerts' } : { kind: 'source', name };
}
