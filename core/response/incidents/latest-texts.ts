import type { Alert } from '../../alerting/alerts/alert.ts';
import { joinedState, summarize } from '../../alerting/alerts/alert-summary.ts';
import type { Fingerprint } from '../../vocabulary/ids.ts';
import type { ResponseConfig } from '../config.ts';
import type { Incident } from './incident.ts';
import { titleOf } from './opening.ts';

/**
 * The alerts of other systems that an incident shows and that fire. Their senders tell of them again
 * and again, perhaps in other words, and a resend does not change the incident.
 */
export function toldAgain({ status, alerts }: Incident, { rules }: ResponseConfig): Fingerprint[] {
  if (status === 'resolved') return [];
  return alerts.flatMap(({ state, ruleId, fingerprint }) =>
    state === 'resolved' || Object.hasOwn(rules, ruleId) ? [] : [fingerprint],
  );
}

/** The incident with what the last post says about each alert. Its state stays as it is stored. */
export function withLatestTexts(
  incident: Incident,
  latest: (fingerprint: Fingerprint) => Alert | undefined,
  config: ResponseConfig,
): Incident {
  let { title } = incident;
  let changed = false;
  const alerts = incident.alerts.map((shown) => {
    const alert = shown.state === 'resolved' ? undefined : latest(shown.fingerprint);
    if (alert?.external === undefined || joinedState(alert) === 'resolved') return shown;
    const { title: named, reason, owner, runbook, link, cuts } = summarize(alert, config, shown);
    if (named === shown.title && reason === shown.reason && runbook === shown.runbook && link === shown.link) return shown;
    changed = true;
    if (title === titleOf(shown.title, incident.groupLabels)) title = titleOf(named, incident.groupLabels);
    const { cuts: _, link: __, ...rest } = shown;
    return {
      ...rest,
      ...{ title: named, reason, owner, runbook },
      ...(link === undefined ? {} : { link }),
      ...(cuts === undefined ? {} : { cuts }),
    };
  });
  return changed ? { ...incident, title, alerts } : incident;
}
