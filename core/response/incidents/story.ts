import type { AlertSummary } from '../../alerting/alerts/alert-summary.ts';
import { nameOfActor } from '../../vocabulary/actor.ts';
import { formatBound, formatPercent, formatValue } from '../../vocabulary/format.ts';
import type { Incident, RollbackStep } from './incident.ts';
import type { TimelineEntry } from './timeline.ts';
import { namedBy } from './title.ts';

/**
 * What an incident says in two sentences: what is wrong and by how much; why, and what was done.
 */
export type IncidentStory = {
  /** The alert that the first one is about. */
  alert?: AlertSummary;
  headline: string;
  /** Empty if nothing is known. */
  detail: string;
};

/**
 * `timeline`: for how bad it was, once it is over. `before`: what changed last before it began, in
 * words. `worst`: the worst value of the alert that it is about, if its history is kept; the
 * timeline has only what was noted when it got worse.
 */
export function storyOf(
  incident: Incident,
  timeline: readonly TimelineEntry[],
  { before, worst }: { before?: string | undefined; worst?: Numbers | undefined } = {},
): IncidentStory {
  const alert = namedBy(incident);
  const parts = [causeText(incident, before), doneText(incident.rollback), endText(incident)];
  const detail = parts.filter((text) => text !== undefined).map((text) => `${text[0]?.toUpperCase()}${text.slice(1)}.`);
  return { ...(alert && { alert }), headline: headlineOf(incident, alert, timeline, worst), detail: detail.join(' ') };
}

type Numbers = { value: number; degradation?: number | undefined };

/** Two numbers where there are two: the value, and what it is compared with. */
function headlineOf(
  { title, status }: Incident,
  alert: AlertSummary | undefined,
  timeline: readonly TimelineEntry[],
  kept: Numbers | undefined,
): string {
  if (alert === undefined) return `${title}.`;
  const { value, aboutRule, state } = alert;
  if (value === undefined || aboutRule === true) return `${alert.title}: ${alert.reason}.`;
  const isOver = status === 'resolved' || state === 'resolved';
  const worst = isOver ? (kept ?? worstNoted(alert, timeline)) : undefined;
  const shown: Numbers = worst ?? { value, degradation: alert.degradation };
  // Muted all the while: how bad it was is not known.
  if (isOver && worst === undefined) return `${alert.title}: over, ${formatValue(value)} at the end.`;
  const end = worst === undefined || worst.value === value ? '' : `; ${formatValue(value)} at the end`;
  return `${alert.title}: ${isOver ? 'was' : 'now'} ${amountOf(alert, shown)}${end}.`;
}

function amountOf({ baseline, bound, severity, drift }: AlertSummary, { value, degradation }: Numbers): string {
  const beside = [bound, baseline?.value].filter((one) => one !== undefined);
  const amount = `${drift === undefined ? '' : `${drift.measure} `}${formatValue(value, ...beside)}`;
  const far = compared(degradation, baseline, drift !== undefined);
  const past = bound === undefined || severity === 'info' ? '' : `past the ${severity} bound of ${formatBound(bound, value)}`;
  const compare = far !== '' ? far : past;
  return compare === '' ? amount : `${amount}, ${compare}`;
}

/** The worst that was noted of an alert when it fired or got worse. */
function worstNoted({ fingerprint }: AlertSummary, timeline: readonly TimelineEntry[]): Numbers | undefined {
  const noted = timeline.flatMap(({ kind, data }): Numbers[] => {
    const isIts = (kind === 'alert fired' || kind === 'severity raised') && data?.fingerprint === fingerprint;
    return isIts && typeof data?.value === 'number' ? [{ value: data.value, degradation: data.degradation ?? undefined }] : [];
  });
  return noted.reduce<Numbers | undefined>(
    (worst, one) => (worst === undefined || (one.degradation ?? 0) >= (worst.degradation ?? 0) ? one : worst),
    undefined,
  );
}

function compared(degradation: number | undefined, baseline: AlertSummary['baseline'], isDrift: boolean): string {
  if (isDrift || baseline === undefined || baseline.kind === 'profile' || degradation === undefined) return '';
  if (!Number.isFinite(degradation)) return `its baseline is ${formatValue(baseline.value)}`;
  const share = formatPercent(Math.abs(degradation)).replace('%', '\u00a0%');
  return `${share} ${degradation >= 0 ? 'worse' : 'better'} than its baseline of ${formatValue(baseline.value)}`;
}

function causeText({ causes = [], alerts }: Incident, before: string | undefined): string | undefined {
  const [cause] = causes;
  const place = cause?.where === undefined ? '' : ` (${cause.where})`;
  const first =
    cause === undefined || alerts.length < 2
      ? undefined
      : `the likeliest cause is ${cause.title}${place}${cause.reasons[0] === undefined ? '' : `: ${cause.reasons[0]}`}`;
  if (before === undefined) return first;
  return first === undefined ? `before it began, ${before}` : `${first}; before it began, ${before}`;
}

function doneText(step: RollbackStep | undefined): string | undefined {
  if (step === undefined) return undefined;
  const { state, deployment, from, to, reason, unproven } = step;
  const versions = from === undefined || to === undefined ? deployment : `${deployment} ${from} → ${to}`;
  switch (state) {
    case 'inspecting':
      return `asked what ${deployment} serves, to decide about a rollback`;
    case 'offered':
      return `a rollback of ${versions} is offered to a person: ${reason}`;
    case 'refused':
      return `no rollback of ${deployment}: ${reason}`;
    case 'running':
    case 'confirming':
      return `${versions} is being rolled back`;
    case 'verifying':
      return `rolled back ${versions}; ${unproven === undefined ? 'proven when its alert ends' : `unproven: ${unproven}`}`;
    case 'succeeded':
      return `rolled back ${versions}: ${reason}`;
    case 'failed':
      return `the rollback of ${versions} failed: ${reason}`;
    default:
      return state satisfies never;
  }
}

const endText = ({ status, resolvedBy, resolveReason }: Incident): string | undefined =>
  status === 'resolved'
    ? `resolved by ${nameOfActor(resolvedBy ?? 'tocsin')}${resolveReason === undefined ? '' : `: ${resolveReason}`}`
    : undefined;
