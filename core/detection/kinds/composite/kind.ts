import { severities } from '../../../vocabulary/schema-parts.ts';
import { learnsNothing } from '../../rules/learns-nothing.ts';
import type { RuleKindOf } from '../../rules/rule-kind.ts';
import { compositeEnded, judgeCombination, judgeComposite, namesIn, restsOnOthers } from './judge.ts';

const { reach, learnsFrom, remembers, warmUp } = learnsNothing;

export const composite: RuleKindOf<'composite'> = {
  reach,
  learnsFrom,
  remembers,
  warmUp,
  judge: ({ composite: config, maxSeries }, { alerts, restingIds, groupBy, now }, leftOut) =>
    judgeComposite(config, config.on ?? groupBy, alerts, restingIds, maxSeries, now, leftOut),
  judgeOne: ({ composite: config }, labels, { alerts, restingIds, groupBy, now }) =>
    judgeCombination(config, config.on ?? groupBy, alerts, restingIds, labels, now),
  ended: (rule, changed, now) => compositeEnded(rule.composite, changed, now),
  names: (rule) => namesIn(rule.composite),
  restsOnOthers: (rule) => restsOnOthers(rule.composite),
  severities: ({ composite: { severity } }) => (severity === undefined ? severities : [severity]),
  settles: () => 0,
  recovery: ({ composite: { severity } }) =>
    (severity === undefined ? severities : [severity]).map((band) => ({
      severity: band,
      begins: 'its conditions hold',
      ends: 'they no longer hold',
    })),
  expected: () => ({ ok: false, reason: 'as many as the rules behind it have together' }),
};
