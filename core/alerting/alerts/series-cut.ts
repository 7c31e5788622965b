import { isResting, type Rule } from '../../detection/rules/rule-schema.ts';
import type { CutSeries } from '../../telemetry/samples/series-limit.ts';
import { fingerprint } from '../../vocabulary/fingerprint.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';
import type { Alert } from './alert.ts';
import type { AlertStep, AlertSubject } from './alert-step.ts';
import { groupOf } from './group.ts';
import { maxClockStep } from './next-alert.ts';

const maxLabels = 6;
const maxText = 80;

/**
 * The alert about a rule with more than `maxSeries` series. Fires at once, because nobody watches
 * the series left out. Reported again when their number doubles; ends when all are judged.
 */
export function nextCut(known: Alert | undefined, cut: CutSeries | undefined, subject: AlertSubject, at: number): AlertStep {
  if (known !== undefined && at <= known.evaluatedAt && at > known.evaluatedAt - maxClockStep)
    return { alert: known, change: undefined };
  const before = known?.state === 'resolved' ? undefined : known;
  if (cut === undefined) {
    if (before === undefined) return { alert: known, change: undefined };
    const reason = 'the rule judges all of its series again';
    return { alert: { ...before, state: 'resolved', reason, evaluatedAt: at, resolvedAt: at, cut: 0 }, change: 'resolved' };
  }
  if (before?.cut !== undefined && cut.count < 2 * before.cut && before.cut < 2 * cut.count)
    return { alert: known, change: undefined };
  const id = fingerprint(`${subject.ruleId}#series`, subject.labels);
  const alert: Alert = {
    fingerprint: id,
    ruleId: subject.ruleId,
    labels: subject.labels,
    category: subject.category,
    ...groupOf({ labels: subject.labels, fingerprint: id }, subject.groupBy),
    state: 'firing',
    severity: 'warn',
    since: before?.since ?? at,
    firedAt: before?.firedAt ?? at,
    breachedAt: at,
    evaluatedAt: at,
    reason: cutText(cut, subject.rule),
    excluded: [],
    ...(known?.joined === undefined ? {} : { joined: known.joined }),
    aboutRule: true,
    cut: cut.count,
    version: known?.version ?? 0,
  };
  return { alert, change: before === undefined ? 'fired' : 'other series' };
}

/** Labels come from senders, so they are quoted and cut. */
export function cutText({ count, examples, senders }: CutSeries, rule: Rule): string {
  const { maxSeries } = rule;
  const named = examples.map(labelsText).join(', ');
  const such = named === '' ? '' : count > examples.length ? `, such as ${named}` : `: ${named}`;
  const by = senders.length === 0 ? '' : `; sent by ${senders.map((one) => quoted(one)).join(', ')}`;
  if (isResting(rule)) {
    const left = count === 1 ? '1 more is not judged' : `${count} more are not judged`;
    const mend = 'list fewer labels in `on`, narrow its terms or raise maxSeries';
    return `its conditions hold for more than maxSeries ${maxSeries} combinations of labels: ${left}${such}; ${mend}`;
  }
  const what = count === 1 ? '1 newer series is not judged' : `${count} newer series are not judged`;
  return `the query matches more than maxSeries ${maxSeries}: ${what}${such}${by}; narrow the query or raise maxSeries`;
}

function labelsText(labels: Labels): string {
  const all = Object.entries(labels);
  const shown = all.slice(0, maxLabels).map(([name, value]) => `${shortened(name)}=${quoted(value)}`);
  return `{${[...shown, ...(all.length > maxLabels ? ['...'] : [])].join(', ')}}`;
}

const shortened = (text: string): string => (text.length <= maxText ? text : `${text.slice(0, maxText)}...`).toWellFormed();
const quoted = (text: string): string => JSON.stringify(shortened(text));
