import type { DigestMessage } from '../../app/ports/channel.ts';
import type { AlertSummary } from '../../core/alerting/alerts/alert-summary.ts';
import { cutsText } from '../../core/alerting/alerts/posted-cuts.ts';
import { costText } from '../../core/response/incidents/cost-text.ts';
import type { HeldPage, Page } from '../../core/response/paging/page.ts';

/**
 * Grows only if a receiver for an earlier number could misread the new body. Added fields do not
 * count.
 */
export const webhookVersion = 1;

const iso = (ms: number): string => new Date(ms).toISOString();

function alertBody(alert: AlertSummary) {
  return {
    fingerprint: alert.fingerprint,
    rule: alert.ruleId,
    title: alert.title,
    labels: alert.labels,
    severity: alert.severity,
    state: alert.state,
    since: iso(alert.since),
    judgedAt: alert.judgedAt === undefined ? undefined : iso(alert.judgedAt),
    unjudged: alert.unjudged === undefined ? undefined : { since: iso(alert.unjudged.since), reason: alert.unjudged.reason },
    reason: alert.reason,
    value: alert.value,
    baseline: alert.baseline?.value,
    degradation: alert.degradation,
    bound: alert.bound,
    traces: alert.traces?.map(({ at, ...trace }) => ({ ...trace, at: iso(at) })),
    owner: alert.owner,
    runbook: alert.runbook,
    muted: alert.muted?.text,
    cut: alert.cuts === undefined ? undefined : cutsText(alert.cuts),
  };
}

/** Bytes for held-back pages, about 600 of them. Receivers often accept at most 256 kB. */
const maxHeldBytes = 200_000;

function heldBody({ incidentId, since, resolvedAt, ...page }: HeldPage) {
  return {
    incident: incidentId,
    ...page,
    since: iso(since),
    ...(resolvedAt === undefined ? {} : { resolvedAt: iso(resolvedAt) }),
  };
}

/** As many as fit, from the first; `heldCount` is the total. */
function fittingHeld(held: readonly HeldPage[]): ReturnType<typeof heldBody>[] {
  const bodies: ReturnType<typeof heldBody>[] = [];
  let bytes = 0;
  for (const page of held) {
    const body = heldBody(page);
    bytes += Buffer.byteLength(JSON.stringify(body)) + 1;
    if (bytes > maxHeldBytes) break;
    bodies.push(body);
  }
  return bodies;
}

/**
 * The documented body of a page (docs/webhooks.md): ISO 8601 times in UTC, unknown values omitted.
 */
export function pageBody(page: Page, key: string) {
  return {
    version: webhookVersion,
    kind: 'page',
    key,
    at: iso(page.at),
    decidedAt: page.decidedAt === undefined ? undefined : iso(page.decidedAt),
    reason: page.reason,
    why: page.why,
    target: page.target,
    tier: page.tier,
    incident: {
      id: page.incidentId,
      status: page.status,
      severity: page.severity,
      category: page.category,
      title: page.title,
      since: iso(page.since),
      labels: page.groupLabels,
      owner: page.owner,
      acknowledgedBy: page.acknowledgedBy,
      resolvedBy: page.resolvedBy,
      resolveReason: page.resolveReason,
      flapping: page.flapping,
      url: page.incidentUrl,
      runbookUrl: page.runbookUrl,
    },
    acknowledgeUrl: page.acknowledgeUrl,
    chart: page.chart === undefined ? undefined : { url: page.chart.url, alt: page.chart.alt },
    whatChanged: (page.whatChanged ?? []).map(({ id, at, kind, text }) => ({ id, at: iso(at), kind, text })),
    costs: page.costs?.map((cost) => ({ text: costText(cost), ...cost, from: iso(cost.from), to: iso(cost.to) })),
    causes: page.causes ?? [],
    related: page.related ?? [],
    alerts: page.alerts.map(alertBody),
    alertCount: page.alertCount,
    rollback: page.rollback,
    held: fittingHeld(page.held),
    heldCount: page.held.length,
  };
}

export const digestBody = ({ title, lines, url, at }: DigestMessage, key: string) => ({
  ...{ version: webhookVersion, kind: 'digest', key, at: iso(at), title, lines, url },
});
