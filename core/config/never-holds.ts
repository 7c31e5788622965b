import { commonKindOf } from '../detection/kinds/table.ts';
import type { Rule, RuleOf } from '../detection/rules/rule-schema.ts';
import type { Report } from '../vocabulary/report.ts';
import { shown } from '../vocabulary/shown.ts';
import type { Config } from './schema.ts';

type Composite = RuleOf<'composite'>['composite'];
type Term = NonNullable<Composite['all']>[number];

/** Reports what never comes to be: conditions that cannot hold, and rollbacks that nothing causes. */
export function checkNeverHolds({ rules, rollbacks }: Pick<Config, 'rules' | 'rollbacks'>, report: Report): void {
  for (const [id, rule] of Object.entries(rules)) {
    const isKnown = rule.rollback !== undefined && Object.hasOwn(rollbacks, rule.rollback);
    if (isKnown && !commonKindOf(rule).severities(rule).includes('critical')) {
      const message = `a rollback is considered when the rule is critical, and ${id} has no band critical; add one, or remove this key`;
      report(['rules', id, 'rollback'], 'key', message);
    }
    if (rule.kind === 'composite') checkComposite(id, rule.composite, rules, report);
  }
}

function checkComposite(id: string, config: Composite, rules: Config['rules'], report: Report): void {
  for (const part of ['all', 'any', 'none'] as const) {
    for (const [index, { rule: named, severity }] of (config[part] ?? []).entries()) {
      const rule: Rule | undefined = named !== undefined && Object.hasOwn(rules, named) ? rules[named] : undefined;
      if (rule === undefined || severity !== 'critical' || commonKindOf(rule).severities(rule).includes(severity)) continue;
      const message = `expected a severity that ${named} can have; received ${shown(severity)}, for which it has no band`;
      report(['rules', id, 'composite', part, index, 'severity'], 'value', message);
    }
  }
  const excluded = (one: Term): boolean => (config.none ?? []).some((none) => covers(none, one));
  const never = (config.all ?? []).findIndex(excluded);
  const allOfAny = config.any?.every(excluded) === true;
  if (never < 0 && !allOfAny) return;
  const at = never < 0 ? ['any'] : ['all', never];
  report(
    ['rules', id, 'composite', ...at],
    'value',
    'whatever fulfils this is excluded by `none`, so the rule can never fire; remove one of them',
  );
}

/** Whether every alert that `one` counts is counted by `none`, too. */
function covers(none: Term, one: Term): boolean {
  if (none.rule !== undefined && none.rule !== one.rule) return false;
  // A term without a rule leaves out alerts of composite rules.
  if (none.rule === undefined && one.rule !== undefined) return false;
  if (none.severity === 'critical' && one.severity !== 'critical') return false;
  return none.match === undefined || JSON.stringify(none.match) === JSON.stringify(one.match);
}
