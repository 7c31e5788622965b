import { graphOf } from '../alerting/correlation/graph.ts';
import { withholders } from '../alerting/correlation/upstream.ts';
import { inMuteTiming } from '../alerting/mute-timings/mute-timing.ts';
import type { Config } from '../config/schema.ts';
import { commonKindOf } from '../detection/kinds/table.ts';
import { type Rule, sourceNameOf } from '../detection/rules/rule-schema.ts';
import type { Contact } from '../response/contacts/contact.ts';
import { policyFor } from '../response/escalation/matrix.ts';
import type { Target } from '../response/escalation/policy-schema.ts';
import { resolveTarget } from '../response/escalation/targets.ts';
import type { PolicySnapshot } from '../response/incidents/incident.ts';
import type { Override } from '../response/oncall/override.ts';
import { modelLabel } from '../telemetry/sources/source.ts';
import { matches } from '../vocabulary/matching.ts';
import { nearest } from '../vocabulary/nearest.ts';
import { type Category, categories, type Labels, type Severity, severities } from '../vocabulary/schema-parts.ts';
import { shown } from '../vocabulary/shown.ts';

export type RouteTarget = { ok: true; target: string; contacts: Contact[]; override?: Override } | { ok: false; reason: string };

/** One time at which people would be paged when nobody acknowledges. */
export type RouteStep = {
  /** Milliseconds after the alert fires. */
  afterMs: number;
  /** `tier 1`, `reminder` (the last tier again) or `fallback`. */
  step: string;
  targets: RouteTarget[];
};

/** Who would be paged about an alert of one severity. */
export type Route = {
  category: Category;
  severity: Severity;
  policy: string;
  /** Response-time targets in milliseconds. */
  ackTarget?: number;
  resolveTarget?: number;
  /** The mute timing that withholds pages at that time, and until when; without `until`, for more than a week. */
  muted?: { by: string; until?: number };
  /** What it would be about, of what depends on what; `withheldBy`: what keeps it from paging while an alert there is as severe. */
  about?: { text: string; withheldBy: string[] };
  /** In the order of time; empty while pages are withheld without an end. */
  steps: RouteStep[];
};

export type RouteAnswer = { ok: true; routes: Route[] } | { ok: false; error: string };

/**
 * Who would be paged when, if an alert with these labels fired at a time (milliseconds since the epoch) and nobody
 * acknowledged. `rule` gives the labels and category of a rule; `category` and `severity` are taken from the labels, and
 * without a severity there is a route for each that may come. Silences, inhibitions and what fires upstream depend on what
 * else is going on and are not part of it. On-call turns are those at the time of each step.
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
      error: `expected the label rule or category (${categories.join(', ')}), for it decides who is paged; received neither`,
    };
  }
  const all = { ...labelsOf(config, rule), ...labels, category: row };
  const wanted = severity === undefined ? possibleSeverities(rule) : [severity];
  return { ok: true, routes: wanted.map((one) => routeOf(config, { ...all, severity: one }, row, one, at)) };
}

const isOneOf = <T extends string>(valid: readonly T[], value: string): value is T =>
  (valid as readonly string[]).includes(value);

/** What alerts of a rule are labelled with before a series adds its own. */
function labelsOf(config: Config, rule: Rule | undefined): Labels {
  const source = rule === undefined ? undefined : config.sources[sourceNameOf(rule) ?? ''];
  return { ...source?.labels, ...modelLabel(source), ...rule?.labels };
}

/** A rule with a bound for one severity only has no alerts of the other. */
const possibleSeverities = (rule: Rule | undefined): readonly Severity[] =>
  rule === undefined ? severities : commonKindOf(rule).severities(rule);

function routeOf(config: Config, labels: Labels, category: Category, severity: Severity, at: number): Route {
  const { name, ackTarget, resolveTarget: resolve, ...policy } = policyFor(config, category, severity);
  const muted = mutedBy(config, labels, at);
  const wait = severity === 'critical' ? 0 : config.settings.groupWait;
  const about = aboutOf(config, labels, category, severity);
  const start = muted === undefined ? wait : muted.until === undefined ? undefined : muted.until - at + wait;
  return {
    category,
    severity,
    policy: name,
    ...(ackTarget !== undefined && { ackTarget }),
    ...(resolve !== undefined && { resolveTarget: resolve }),
    ...(muted !== undefined && { muted }),
    ...(about !== undefined && { about }),
    steps: start === undefined ? [] : stepsOf(config, policy, at, start),
  };
}

/** Only what somebody declared is worth telling. */
function aboutOf(config: Config, labels: Labels, category: Category, severity: Severity): Route['about'] {
  const graph = graphOf(config);
  const place = graph.placeOf({ labels, ruleId: labels['rule'] ?? '', category, severity });
  if (place === undefined) return undefined;
  const withheldBy = withholders(graph, place).map(({ text }) => text);
  if (!place.node.declared && withheldBy.length === 0) return undefined;
  return { text: place.node.text, withheldBy };
}

function mutedBy(config: Config, labels: Labels, at: number): Route['muted'] {
  for (const [by, timing] of Object.entries(config.muteTimings)) {
    if (!matches(timing.match, labels)) continue;
    const { active, until } = inMuteTiming(timing, at);
    if (active) return { by, ...(until !== undefined && { until }) };
  }
  return undefined;
}

/** As escalation goes: a step that reaches nobody is passed over at once. */
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
  return { ok: true, target: to, contacts, ...(override !== undefined && { override }) };
}
