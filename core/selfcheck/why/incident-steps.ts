import type { Alert } from '../../alerting/alerts/alert.ts';
import { nothingToPage } from '../../response/incidents/draft.ts';
import type { Incident } from '../../response/incidents/incident.ts';
import type { TimelineEntry, TimelineKind } from '../../response/incidents/timeline.ts';
import { formatUtc } from '../../vocabulary/format.ts';
import type { RuleId } from '../../vocabulary/ids.ts';
import { passed, stopped, type WhyStep, waits } from './why-step.ts';

const maxDetails = 20;
const deliveries = ['page', 'page delivered', 'page failed', 'page held'] as const satisfies readonly TimelineKind[];
type DeliveryEntry = TimelineEntry & { kind: (typeof deliveries)[number] };
const isDelivery = (entry: TimelineEntry): entry is DeliveryEntry => deliveries.some((kind) => kind === entry.kind);

/** What became of the alerts' incident, and of its pages. */
export function incidentSteps(
  incidents: readonly { incident: Incident; timeline: readonly TimelineEntry[] }[],
  active: readonly Alert[],
  now: number,
): WhyStep[] {
  const [first] = incidents;
  if (first === undefined) {
    if (active.length === 0) return [];
    return [waits('incident', 'it has no incident yet: the next tick opens one')];
  }
  const { incident, timeline } = first;
  const others = incidents.slice(1).map(({ incident: { id, status } }) => `also in ${id} (${status})`);
  return [stateStep(incident, others, now), deliveryStep(timeline)];
}

function stateStep(incident: Incident, others: string[], now: number): WhyStep {
  const { id, status, deadlines, escalation, acknowledgedBy, acknowledgedAt, resolvedBy, resolveReason, resolvedAt } = incident;
  const group = Object.entries(incident.groupLabels).map(([name, value]) => `${name}=${value}`);
  const details = [`grouped by ${group.join(', ') || 'nothing'}: ${incident.title}`, ...others];
  const flapping =
    incident.flapping === undefined
      ? ''
      : ` and flapping (${incident.flapping.text}), so what comes back pages nobody until it has been quiet`;
  switch (status) {
    case 'waiting':
      return deadlines.groupWait === undefined
        ? waits('incident', `${id} waits: ${nothingToPage(incident)?.text ?? 'nothing has asked for a page yet'}`, details)
        : waits('incident', `${id} waits for its group; first page at ${formatUtc(deadlines.groupWait)}`, details);
    case 'acknowledged': {
      const until = deadlines.ackTimeout === undefined ? '' : `; escalates again at ${formatUtc(deadlines.ackTimeout)}`;
      const at = acknowledgedAt === undefined ? '' : ` at ${formatUtc(acknowledgedAt)}`;
      return stopped(
        'incident',
        `${id} was acknowledged by ${acknowledgedBy ?? 'someone'}${at}, which stops its pages${until}${incident.flapping === undefined ? '' : `; flapping: ${incident.flapping.text}`}`,
        details,
      );
    }
    case 'resolved': {
      const back = deadlines.recheck === undefined ? '' : `; it comes back at ${formatUtc(deadlines.recheck)} if it still fires`;
      return stopped(
        'incident',
        `${id} was resolved by ${resolvedBy ?? 'tocsin'} at ${formatUtc(resolvedAt ?? now)}: ${resolveReason ?? 'no reason'}${back}`,
        details,
      );
    }
    case 'triggered': {
      const next = deadlines.acknowledge ?? deadlines.restart;
      const then = next === undefined ? '' : `; next step at ${formatUtc(next)}`;
      return passed('incident', `${id} is open${flapping}, at tier ${escalation.tier}${then}`, details);
    }
  }
}

const begins = ['alert fired', 'unmuted', 'severity raised'] as const satisfies readonly TimelineKind[];

/**
 * The first page that reached somebody since the incident was opened last and an alert of the rule
 * was a reason to page; undefined if there was none.
 */
export function pagedFirst(rule: RuleId, timeline: readonly TimelineEntry[]): TimelineEntry | undefined {
  const opened = timeline.findLast(({ kind }) => kind === 'opened' || kind === 'reopened');
  if (opened === undefined) return undefined;
  const since = timeline.filter(({ version }) => version >= opened.version);
  const called = since.find(
    ({ kind, data }) => begins.some((one) => one === kind) && data?.rule === rule && data.severity !== 'info',
  );
  if (called === undefined) return undefined;
  return since.find(({ kind, version }) => kind === 'page delivered' && version >= called.version);
}

/** What the timeline says of pages, the latest last. */
function deliveryStep(timeline: readonly TimelineEntry[]): WhyStep {
  const pages = timeline.filter(isDelivery);
  const details = pages.slice(-maxDetails).map(({ at, kind, text }) => `${formatUtc(at)} ${kind}: ${text}`);
  const last = pages.at(-1);
  const delivered = pages.findLast(({ kind }) => kind === 'page delivered');
  if (last === undefined) return waits('delivery', 'no page has been decided yet', details);
  if (delivered !== undefined && pages.indexOf(delivered) >= pages.findLastIndex(({ kind }) => kind === 'page'))
    return passed('delivery', `paged at ${formatUtc(delivered.at)}: ${delivered.text}`, details);
  switch (last.kind) {
    case 'page held':
      return stopped('delivery', `the last page was held back at ${formatUtc(last.at)}: ${last.text}`, details);
    case 'page failed':
      return stopped('delivery', `the last page could not be delivered at ${formatUtc(last.at)}: ${last.text}`, details);
    case 'page':
    case 'page delivered':
      return waits('delivery', `a page was decided at ${formatUtc(last.at)} and is on its way: ${last.text}`, details);
  }
}
