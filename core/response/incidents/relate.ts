import type { Alert } from '../../alerting/alerts/alert.ts';
import { joinedState } from '../../alerting/alerts/alert-summary.ts';
import { isUpstream } from '../../alerting/alerts/mute-reason.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';
import { pagedAs } from '../../vocabulary/severity.ts';
import { cut } from '../../vocabulary/text.ts';
import type { ResponseConfig } from '../config.ts';
import { callCurrentStep, trigger } from '../escalation/escalate.ts';
import { policyFor } from '../escalation/matrix.ts';
import { leadBy, policyKeyOf, routingOf } from '../escalation/routing.ts';
import type { Apart, Joins } from './correlate.ts';
import { type Decision, type Draft, draftOf } from './draft.ts';
import type { Incident, PolicySnapshot, Related } from './incident.ts';
import type { Joining } from './join.ts';

/**
 * The most related incidents an incident lists, and the most updated in one commit, which has
 * little room.
 */
const maxRelated = 10;
const maxToldAtOnce = 2;
const maxWhy = 500;
/**
 * Groups are committed one by one; alerts that resurface within this time count as simultaneous.
 */
const oneTimeMs = 60_000;

/** Records that alerts of another group joined, and why. */
export function noteJoin(draft: Draft, { why }: Joins, groupLabels: Labels): void {
  const named = Object.entries(groupLabels).filter(([, value]) => value !== '');
  const group = named.length === 0 ? 'other alerts' : `alerts of ${named.map(([name, value]) => `${name}=${value}`).join(', ')}`;
  draft.note('joined', `${group} join this incident: ${why}`, { data: { group: groupLabels } });
}

/** Records once, on both sides, that two open incidents are related. Returns the other sides. */
export function relate(draft: Draft, apart: readonly Apart[], config: ResponseConfig, now: number): Decision[] {
  const { incident } = draft;
  const news = apart.filter(({ incident: { id } }) => !isKnown(incident, id)).slice(0, maxToldAtOnce);
  return news.map(({ incident: other, why }) => {
    add(draft, { id: other.id, title: other.title, why: cut(why, maxWhy), at: now });
    const otherSide = draftOf(other, config, now);
    if (!isKnown(other, incident.id)) add(otherSide, { id: incident.id, title: incident.title, why: cut(why, maxWhy), at: now });
    return otherSide.finish();
  });
}

const isKnown = ({ related }: Incident, id: string): boolean => related?.some((one) => one.id === id) === true;

function add(draft: Draft, related: Related): void {
  draft.incident.related = [...(draft.incident.related ?? []), related].slice(-maxRelated);
  draft.note('related', `${related.id} (${related.title}): ${related.why}`, { data: { incident: related.id } });
}

/** Alerts that an upstream cause muted and that outlive it. */
export const survivingAlerts = (changes: readonly Joining[]): Joining[] =>
  changes.filter(({ before, after }) => isUpstream(before?.muted) && joinedState(after) === 'firing');

/**
 * Pages the policy that the routes or the matrix name for an alert, if the incident paged another
 * one so far: for a likely cause that joined its effects, or an effect that outlives its cause.
 * Returns whether it did.
 */
export function repage(draft: Draft, alert: Alert, why: string): boolean {
  const { incident } = draft;
  const own = policyOf(draft, alert).name;
  if (!isFirstCall(draft, own) || own === policyInForce(incident)) return false;
  leadBy(incident, alert, draft.config);
  trigger(draft, 'alert joined', `${why}; from here on by the policy ${own}`);
  return true;
}

/**
 * Pages each policy of the given effects once, about its worst effect. Escalation continues with
 * the policy of the worst overall.
 */
export function callEach(draft: Draft, worstFirst: readonly Alert[], whyOf: (alert: Alert) => string): boolean {
  const byPolicy = new Map<string, Alert>();
  for (const alert of worstFirst) {
    const { name } = policyOf(draft, alert);
    if (!byPolicy.has(name)) byPolicy.set(name, alert);
  }
  let isCalled = false;
  for (const [name, alert] of [...byPolicy].reverse()) {
    // The others would move the incident to their own policy, and nobody on this one would hear of
    // it.
    if (byPolicy.size > 1 && name === policyInForce(draft.incident)) {
      if (isFirstCall(draft, name)) callCurrentStep(draft, 'alert joined', whyOf(alert));
    } else isCalled = repage(draft, alert, whyOf(alert)) || isCalled;
  }
  return isCalled;
}

function policyOf({ incident, config }: Draft, alert: Alert): PolicySnapshot {
  const severity = pagedAs(incident.severity);
  const to = routingOf(config, alert)?.[severity];
  return incident.policies[policyKeyOf(alert.category, severity, to)] ?? policyFor(config, alert.category, severity, to);
}
const policyInForce = ({ policies, policyKey }: Incident): string | undefined => policies[policyKey]?.name;

/**
 * Records that a policy is called. Effects that resurface one after the other page each policy
 * once.
 */
function isFirstCall({ incident, now }: Draft, policy: string): boolean {
  const last = incident.repaged;
  const called = last !== undefined && now - last.at <= oneTimeMs ? last : { at: now, policies: [] };
  if (called.policies.includes(policy)) return false;
  incident.repaged = { at: called.at, policies: [...called.policies, policy] };
  return true;
}
