import { graphOf } from '../alerting/correlation/graph.ts';
import { withholders } from '../alerting/correlation/upstream.ts';
import { isMutedBy, muteEnd } from '../alerting/mute-timings/mute-timing.ts';
import { type Looked, lookedAt, routed } from '../alerting/routes/route.ts';
import type { Config } from '../config/schema.ts';
import type { Contact } from '../response/contacts/contact.ts';
import { policyFor } from '../response/escalation/matrix.ts';
import { targetText } from '../response/escalation/page-target.ts';
import type { Target } from '../response/escalation/policy-schema.ts';
import { resolveTarget } from '../response/escalation/targets.ts';
import type { PolicySnapshot } from '../response/incidents/incident.ts';
import type { Override } from '../response/oncall/override.ts';
import { type Matchable, type Matched, matchable, matches } from '../vocabulary/matching.ts';
import type { AlertSeverity, Category, Labels } from '../vocabulary/schema-parts.ts';
import { isPaging, pagedAs } from '../vocabulary/severity.ts';
import { askedBy } from './asked-alerts.ts';

/** `responder`: the person that the target means, if it means one. */
export type RouteTarget =
  | { ok: true; target: string; responder?: string; contacts: Contact[]; override?: Override }
  | { ok: false; reason: string };

/** One time at which people are paged if nobody acknowledges. */
export type RouteStep = {
  /** Milliseconds after the alert fires. */
  afterMs: number;
  /** `tier 1`, `reminder` (the last tier again) or `fallback`. */
  step: string;
  targets: RouteTarget[];
};

/** Who is paged about an alert of one severity. */
export type Route = {
  category: Category;
  severity: AlertSeverity;
  policy: string;
  /** The routes that name the policy, outermost first; absent if the matrix does. */
  route?: string[];
  /** Every route that was looked at, in order, and which matcher did not hold. */
  looked?: Looked[];
  /** Who is told, and not paged. */
  tell?: RouteTarget[];
  /** The routes that page nobody, outermost first. */
  nobody?: string[];
  /** Its severity is `info`, about which nobody is paged. */
  recorded?: true;
  /** What was not understood of the labels, and what counts instead. */
  notes?: string[];
  /** Response-time targets in milliseconds. */
  ackTarget?: number;
  resolveTarget?: number;
  /**
   * The mute timing that withholds pages, and until when; without `until`, for more than a week.
   */
  muted?: { by: string; until?: number };
  /**
   * What the alert is about in the dependency graph; `withheldBy`: dependencies that mute it while
   * an alert there is as severe.
   */
  about?: { text: string; withheldBy: string[] };
  /** In time order; empty while pages are withheld indefinitely. */
  steps: RouteStep[];
};

export type RouteAnswer = { ok: true; routes: Route[] } | { ok: false; error: string };

/**
 * Who is paged, and when, if an alert with these labels fires at a time (milliseconds since the
 * epoch) and nobody acknowledges. `rule` supplies a rule's labels and category, or, as
 * `source/alertname`, those of a source of alerts; `category` and `severity` come from the labels.
 * Without a severity there is one route for each possible one. Ignores silences, inhibitions and
 * upstream alerts, which depend on other events. On-call turns are those at each step.
 */
export function route(config: Config, labels: Labels, at: number): RouteAnswer {
  const asked = askedBy(config, labels);
  if (!asked.ok) return asked;
  const { alerts, notes } = asked;
  return {
    ok: true,
    routes: alerts.map((alert) => ({ ...routeOfAlert(config, alert, at), ...(notes.length > 0 && { notes }) })),
  };
}

/** Why a route pages nobody, whoever is on call; undefined if it does not say so. */
export function nobodyText({ nobody, recorded }: Pick<Route, 'nobody' | 'recorded'>): string | undefined {
  if (recorded) return 'severity info is recorded and shown, and pages nobody';
  return nobody === undefined ? undefined : `the route ${nobody.join(' > ')} pages nobody`;
}

/** Who is paged about one alert, and when, if it fires at a time. */
export function routeOfAlert(config: Config, alert: Matched, at: number): Route {
  const { category, severity } = alert;
  const subject = matchable(alert);
  const to = routed(config.routes, subject);
  const {
    name,
    ackTarget,
    resolveTarget: resolve,
    route: by,
    tell = [],
    ...policy
  } = policyFor(config, category, pagedAs(severity), to);
  const recorded = !isPaging(severity);
  const muted = mutedBy(config, subject, at);
  const wait = severity === 'critical' ? 0 : config.settings.groupWait;
  const about = aboutOf(config, alert);
  const start =
    to.nobody || recorded
      ? undefined
      : muted === undefined
        ? wait
        : muted.until === undefined
          ? undefined
          : muted.until - at + wait;
  return {
    category,
    severity,
    policy: name,
    ...(by !== undefined && { route: by }),
    ...(config.routes.length > 0 && { looked: lookedAt(config.routes, subject) }),
    ...(to.nobody && { nobody: to.path }),
    ...(recorded && { recorded }),
    ...(tell.length > 0 && !recorded && { tell: tell.map((target) => routeTarget(config, target, at)) }),
    ...(ackTarget !== undefined && { ackTarget }),
    ...(resolve !== undefined && { resolveTarget: resolve }),
    ...(muted !== undefined && { muted }),
    ...(about !== undefined && { about }),
    steps: start === undefined ? [] : stepsOf(config, policy, at, start),
  };
}

/** Only declared dependencies are worth showing. */
function aboutOf(config: Config, alert: Matched): Route['about'] {
  const graph = graphOf(config);
  const place = graph.placeOf(alert);
  if (place === undefined) return undefined;
  const withheldBy = withholders(graph, place).map(({ text }) => text);
  if (!place.node.declared && withheldBy.length === 0) return undefined;
  return { text: place.node.text, withheldBy };
}

function mutedBy(config: Config, subject: Matchable, at: number): Route['muted'] {
  for (const [by, timing] of Object.entries(config.muteTimings)) {
    if (!matches(timing.match, subject) || !isMutedBy(timing, at)) continue;
    const until = muteEnd(timing, at);
    return { by, ...(until !== undefined && { until }) };
  }
  return undefined;
}

/** As in escalation, a step that reaches nobody is skipped at once. */
function stepsOf(config: Config, policy: Omit<PolicySnapshot, 'name'>, at: number, start: number): RouteStep[] {
  const steps: RouteStep[] = [];
  let afterMs = start;
  const add = (step: string, targets: readonly Target[], ackWithin: number): void => {
    const found = targets.map((target) => routeTarget(config, target, at + afterMs));
    steps.push({ afterMs, step, targets: found });
    if (found.some(({ ok }) => ok)) afterMs += ackWithin;
  };
  for (const [index, tier] of policy.tiers.entries()) add(`tier ${index + 1}`, tier.targets, tier.ackWithin);
  const last = policy.tiers.at(-1);
  for (let repeat = 0; repeat < policy.repeat && last !== undefined; repeat += 1) add('reminder', last.targets, last.ackWithin);
  if (policy.fallback !== undefined) add('fallback', [policy.fallback], 0);
  return steps;
}

function routeTarget(config: Config, target: Target, at: number): RouteTarget {
  const found = resolveTarget(config, target, at);
  if (!found.ok) return found;
  const { target: to, contacts, responder, override } = found;
  return {
    ok: true,
    target: targetText(to),
    ...(responder !== undefined && { responder }),
    contacts,
    ...(override !== undefined && { override }),
  };
}
