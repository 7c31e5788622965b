import type { Config, Labels } from '../../config/schema.ts';
import type { AlertBrief } from '../../response/incidents/incident.ts';
import { type Alert, isActive } from './alert.ts';

/** An incident is one record of at most 400 kB, so what a stranger may make long is cut. */
const maxReason = 500;
const maxLabels = 12;
const maxLabelValue = 120;

/** A text of at most `max` characters; one that was longer ends in an ellipsis. */
export function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}

/** What an alert counts as in its incident. */
export function joinedState(alert: Alert): AlertBrief['state'] {
  if (!isActive(alert)) return 'resolved';
  return alert.muted === undefined ? 'firing' : 'muted';
}

/** `known` is what the incident shows of it so far: it still has the names of a rule that has left the config. */
export function briefOf(alert: Alert, config: Config, known?: AlertBrief): AlertBrief {
  const rule = Object.hasOwn(config.rules, alert.ruleId) ? config.rules[alert.ruleId] : undefined;
  const { external } = alert;
  const ofRule = external
    ? { title: external.title, owner: external.owner, runbook: external.runbook, rollback: undefined, link: external.link }
    : alert.refusals !== undefined
      ? {
          title: `the baseline of rule ${alert.ruleId} is refused`,
          owner: rule?.owner,
          runbook: 'source-failing',
          rollback: undefined,
        }
      : alert.cut !== undefined
        ? {
            title: `rule ${alert.ruleId} does not judge all of its series`,
            owner: rule?.owner,
            runbook: 'source-failing',
            rollback: undefined,
          }
        : alert.aboutRule
          ? {
              title: `the source of rule ${alert.ruleId} fails`,
              owner: rule?.owner,
              runbook: 'source-failing',
              rollback: undefined,
            }
          : rule === undefined
            ? { title: known?.title ?? alert.ruleId, owner: known?.owner, runbook: known?.runbook ?? '', rollback: undefined }
            : { title: rule.title ?? alert.ruleId, owner: rule.owner, runbook: rule.runbook, rollback: rule.rollback };
  return {
    fingerprint: alert.fingerprint,
    ruleId: alert.ruleId,
    ...ofRule,
    title: cut(ofRule.title, maxReason),
    labels: shortLabels(alert.labels, () => keptLabels(config)),
    category: alert.category,
    ...(alert.aboutRule === true ? { aboutRule: true } : {}),
    severity: alert.severity,
    state: joinedState(alert),
    since: alert.since,
    reason: cut(alert.reason, maxReason),
    value: alert.value,
    degradation: alert.degradation,
    drift: alert.drift,
    baseline: alert.baseline?.kind === 'profile' ? { ...alert.baseline, shape: undefined } : alert.baseline,
    bound: alert.bound,
    provisional: alert.provisional === undefined ? undefined : alert.provisional.estimate ? 'estimate' : 'labels',
    settled: alert.settled === undefined ? undefined : cut(`${alert.settled.outcome}: ${alert.settled.text}`, maxReason),
    muted: alert.muted === undefined ? undefined : cut(alert.muted, maxReason),
  };
}

/** Labels as an incident carries them; of too many, those that are asked for by name go first. */
export function shortLabels(labels: Labels, keptOf?: () => ReadonlySet<string>): Labels {
  const all = Object.entries(labels);
  if (all.length <= maxLabels && all.every(([, value]) => value.length <= maxLabelValue)) return labels;
  const kept = all.length <= maxLabels ? undefined : keptOf?.();
  const ordered =
    kept === undefined ? all : [...all.filter(([name]) => kept.has(name)), ...all.filter(([name]) => !kept.has(name))];
  return Object.fromEntries(ordered.slice(0, maxLabels).map(([name, value]) => [name, cut(value, maxLabelValue)]));
}

/** Labels by which an alert is found to have to do with others. */
function keptLabels({ settings: { groupBy, correlation }, dependencies }: Config): ReadonlySet<string> {
  const matched = Object.values(dependencies).flatMap(({ match }) => Object.keys(match));
  return new Set(['model', 'feature', ...groupBy, ...correlation.apart, ...correlation.sharing, ...matched]);
}
