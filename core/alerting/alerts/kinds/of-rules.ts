import { isAsking, type Rule } from '../../../detection/rules/rule-schema.ts';
import { segmentsAsked } from '../../../telemetry/samples/segments.ts';
import type { Alert } from '../alert.ts';
import type { AlertKindOf, Shown } from './alert-kind.ts';

/**
 * The alerts of rules of the config: they end with their rule, and what was found last is in its
 * judgements.
 */
const ofRule = {
  foundIn: 'judgement',
  endsWithRule: true,
  isRemembered: () => false,
  saysWhat: ({ ruleId }: Alert) => `${ruleId} is no longer a rule of the config`,
  saysWhyQuiet: () => undefined,
} as const;

/** What keeps a rule from judging. */
const aboutRule = (title: string, rule: Rule | undefined): Shown => ({
  title,
  owner: rule?.owner,
  runbook: 'source-failing',
  rollback: undefined,
  link: undefined,
});

/** A rule on a series. */
export const series: AlertKindOf<'series'> = {
  ...ofRule,
  shown({ ruleId, labels }, { rule, known }) {
    if (rule === undefined) {
      const { title = ruleId, owner, runbook = '' } = known ?? {};
      return { title, owner, runbook, rollback: undefined, link: undefined };
    }
    const { owner, runbook, rollback } = rule;
    return { title: `${rule.title ?? ruleId}${segmentText(rule, labels)}`, owner, runbook, rollback, link: undefined };
  },
};

/** The source of a rule fails. */
export const source: AlertKindOf<'source'> = {
  ...ofRule,
  shown: ({ ruleId }, { rule, known }) => aboutRule(known?.title ?? `the source of rule ${ruleId} is failing`, rule),
};

export const refusals: AlertKindOf<'refusals'> = {
  ...ofRule,
  shown: ({ ruleId }, { rule }) => aboutRule(`rule ${ruleId} has no usable baseline`, rule),
};

export const cut: AlertKindOf<'cut'> = {
  ...ofRule,
  shown: ({ ruleId }, { rule }) => aboutRule(`rule ${ruleId} does not judge all of its series`, rule),
};

/**
 * `: channel web, country DE`, the segment that an alert is about; empty for one about the whole.
 */
function segmentText(rule: Rule, labels: Alert['labels']): string {
  const names = isAsking(rule) ? segmentsAsked(rule.query.predictions) : [];
  const parts = names.flatMap((name) => (Object.hasOwn(labels, name) ? [`${name} ${labels[name]}`] : []));
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}
