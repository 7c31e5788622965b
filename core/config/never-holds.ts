import { commonKindOf } from '../detection/kinds/table.ts';
import { isAsking, type Rule, type RuleOf } from '../detection/rules/rule-schema.ts';
import { type Matchers, matcherText } from '../vocabulary/matchers/matcher.ts';
import { contradiction } from '../vocabulary/matchers/possible.ts';
import { isOwnLabel } from '../vocabulary/matching.ts';
import type { Path, Report } from '../vocabulary/report.ts';
import { shown } from '../vocabulary/shown.ts';
import { labelsOfRule, mayFit } from './dependencies.ts';
import type { Config } from './schema.ts';

type Composite = RuleOf<'composite'>['composite'];
type Term = NonNullable<Composite['all']>[number];

/**
 * Reports what never comes to be: conditions that cannot hold, and rollbacks that nothing causes.
 */
export function checkNeverHolds(config: Pick<Config, 'sources' | 'rules' | 'rollbacks'>, report: Report): void {
  const { rules, rollbacks } = config;
  for (const [id, rule] of Object.entries(rules)) {
    const isKnown = rule.rollback !== undefined && Object.hasOwn(rollbacks, rule.rollback);
    if (isKnown && !commonKindOf(rule).severities(rule).includes('critical')) {
      const message = `a rollback is considered when the rule is critical, and ${id} has no band critical; add one, or remove this key`;
      report(['rules', id, 'rollback'], 'key', message);
    }
    if (rule.kind === 'composite') checkComposite(id, rule.composite, config, report);
  }
}

function checkComposite(
  id: string,
  config: Composite,
  { sources, rules }: Pick<Config, 'sources' | 'rules'>,
  report: Report,
): void {
  for (const part of ['all', 'any', 'none'] as const) {
    for (const [index, { rule: named, severity, match }] of (config[part] ?? []).entries()) {
      const at = ['rules', id, 'composite', part, index, 'match'];
      const never = match === undefined ? undefined : contradiction(match.filter(({ name }) => !isOwnLabel(name)));
      if (never !== undefined) report(at, 'key', `no alert can have ${never.map(matcherText).join(' and ')}; correct this match`);
      const rule: Rule | undefined = named !== undefined && Object.hasOwn(rules, named) ? rules[named] : undefined;
      if (named !== undefined && rule !== undefined && match !== undefined && never === undefined)
        checkTerm(at, match, { named, rule, sources }, report);
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

/**
 * A term counts only alerts that meet its `match`: those of the rule that it names may never do.
 */
function checkTerm(
  at: Path,
  match: Matchers,
  { named, rule, sources }: { named: string; rule: Rule; sources: Config['sources'] },
  report: Report,
): void {
  // Labels of a composite rule are those of the alerts behind it.
  const { fixed, others } = labelsOfRule({ sources }, named, rule);
  const labels = { fixed, others: isAsking(rule) ? others : ('any' as const) };
  // An alert about the rule itself has another category, and its severity is that of its band.
  const asked = match.filter(({ name }) => name !== 'severity' && name !== 'category');
  const odd = asked.find((matcher) => !mayFit([matcher], labels));
  if (odd === undefined) return;
  const [value] = fixed.get(odd.name) ?? [];
  const has = value === undefined ? `have no label ${odd.name}` : `have ${odd.name}=${JSON.stringify(value)}`;
  report(at, 'key', `the alerts of ${named} ${has}, so none meets ${matcherText(odd)}; correct this match, or remove it`);
}

/** Whether every alert that `one` counts is counted by `none`, too. */
function covers(none: Term, one: Term): boolean {
  if (none.rule !== undefined && none.rule !== one.rule) return false;
  // A term without a rule leaves out alerts of composite rules.
  if (none.rule === undefined && one.rule !== undefined) return false;
  if (none.severity === 'critical' && one.severity !== 'critical') return false;
  return none.match === undefined || JSON.stringify(none.match) === JSON.stringify(one.match);
}
