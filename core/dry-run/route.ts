import { graphOf } from '../alerting/correlation/graph.ts';
import { withholders } from '../alerting/correlation/upstream.ts';
import { isMutedBy, muteEnd } from '../alerting/mute-timings/mute-timing.ts';
import { type Looked, lookedAt, routed } from '../alerting/routes/route.ts';
import type { Config } from '../config/schema.ts';
import { commonKindOf } from '../detection/kinds/table.ts';
import { type Rule, sourceNameOf } from '../detection/rules/rule-schema.ts';
import type { Contact } from '../response/contacts/contact.ts';
import { policyFor } from '../response/escalation/matrix.ts';
import { targetText } from '../response/escalation/page-target.ts';
import type { Target } from '../response/escalation/policy-schema.ts';
import { resolveTarget } from '../response/escalation/targets.ts';
import type { PolicySnapshot } from '../response/incidents/incident.ts';
import type { Override } from '../response/oncall/override.ts';
import { modelLabel } from '../telemetry/sources/source.ts';
import { type Matchable, matches } from '../vocabulary/matching.ts';
import { nearest } from '../vocabulary/nearest.ts';
import { type Category, categories, type Labels, type Severity, severities } from '../vocabulary/schema-parts.ts';
import { shown } from '../vocabulary/shown.ts';

export type RouteTarget = { ok: true; target: string; contacts: Contact[]; override?: Override } | { ok: false; reason: string };

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
  severity: Severity;
  policy: string;
  /** The routes that name the policy, outermost first; absent if the matrix does. */
  route?: string[];
  /** Every route that was looked at, in order, and which matcher did not hold. */
  looked?: Looked[];
  /** Who is told, and not paged. */
  tell?: RouteTarget[];
  /** The routes that page nobody, outermost first. */
  nobody?: string[];
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
 * epoch) and nobody acknowledges. `rule` supplies a rule's labels and category; `category` and
 * `severity` come from the labels. Without a severity there is one route for each possible one.
 * Ignores silences, inhibitions and upstream alerts, which depend on other events. On-call turns
 * are those at each step.
 */
export function route(config: Config, labels: Labels, at: number): RouteAnswer {
  const wrong = (name: string, value: string, valid: readonly string[]): RouteAnswer => {
    const near = nearest(value, valid);
    const hint = near === undefined ? `expected one of ${valid.join(', ')}` : `did you mean "${near}"?`;
    return { ok: false, error: `${name}: there is no ${name} ${shown(value)}; ${hint}` };
  };
  const { rule: ruleId, category, severity } = labels;
  const rule = ruleId !== undefined && Object.hasOwn(config.rules, ruleId) ? config.rules[ruleId] : undefined;
  if (ruleId !== undefined && rule === undefined) return wrong('rule', ruleId, Object.keys(config.rules));
  if (category !== undefined && !isOneOf(categories, category)) return wrong('category', category, categories);
  if (severity !== undefined && !isOneOf(severities, severity)) return wrong('severity', severity, severities);
  const row = category ?? rule?.category;
  if (row === undefined) {
    return {
      ok: false,
      error: `expected the label rule or category (${categories.join(', ')}), which decides who is paged; received neither`,
    };
  }
  const all = { ...labelsOf(config, rule), ...labels, category: row };
  const wanted = severity === undefined ? possibleSeverities(rule) : [severity];
  return { ok: true, routes: wanted.map((one) => routeOf(config, { ...all, severity: one }, row, one, at)) };
}

const isOneOf = <T extends string>(valid: readonly T[], value: string): value is T =>
  (valid as readonly string[]).includes(value);

/** The labels of a rule's alerts before a series adds its own. */
function labelsOf(config: Config, rule: Rule | undefined): Labels {
  const source = rule === undefined ? undefined : config.sources[sourceNameOf(rule) ?? ''];
  return { ...source?.labels, ...modelLabel(source), ...rule?.labels };
}

/** A rule with a bound for one severity has no alerts of the other. */
const possibleSeverities = (rule: Rule | undefined): readonly Severity[] =>
  rule === undefined ? severities : commonKindOf(rule).severities(rule);

function routeOf(config: Config, labels: Labels, category: Category, severity: Severity, at: number): Route {
  const subject = { labels, own: { rule: labels['rule'] ?? '', category, severity } };
  const to = routed(config.routes, subject);
  const { name, ackTarget, resolveTarget: resolve, route: by, tell = [], ...policy } = policyFor(config, category, severity, to);
  const muted = mutedBy(config, subject, at);
  const wait = severity === 'critical' ? 0 : config.settings.groupWait;
  const about = aboutOf(config, labels, category, severity);
  const start = to.nobody
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
    ...(tell.length > 0 && { tell: tell.map((target) => routeTarget(config, target, at)) }),
    ...(ackTarget !== undefined && { ackTarget }),
    ...(resolve !== undefined && { resolveTarget: resolve }),
    ...(muted !== undefined && { muted }),
    ...(about !== undefined && { about }),
    steps: start === undefined ? [] : stepsOf(config, policy, at, start),
  };
}

/** Only declared dependencies are worth showing. */
function aboutOf(config: Config, labels: Labels, category: Category, severity: Severity): Route['about'] {
  const graph = graphOf(config);
  const place = graph.placeOf({ labels, ruleId: labels['rule'] ?? '', category, severity });
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
  const { target: to, contacts, override } = found;
  return { ok: true, target: targetText(to), contacts, ...(override !== undefined && { override }) };
}
