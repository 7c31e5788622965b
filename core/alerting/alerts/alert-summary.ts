import type { Baseline } from '../../detection/verdict.ts';
import type { KeptDrift } from '../../statistics/distributions/value.ts';
import type { TraceExample } from '../../telemetry/trace-example.ts';
import type { Fingerprint, RuleId } from '../../vocabulary/ids.ts';
import type { AlertSeverity, Category, Labels } from '../../vocabulary/schema-parts.ts';
import type { Tenant } from '../../vocabulary/tenant.ts';
import { cut } from '../../vocabulary/text.ts';
import type { AlertingConfig } from '../config.ts';
import { type Alert, isActive } from './alert.ts';
import type { Shown } from './kinds/alert-kind.ts';
import { kindOf } from './kinds/table.ts';
import type { MuteReason } from './mute-reason.ts';
import { mostKept, type PostedCut } from './posted-cuts.ts';

/** What an incident shows of one of its alerts. */
export type AlertSummary = {
  fingerprint: Fingerprint;
  ruleId: RuleId;
  title: string;
  labels: Labels;
  /** Absent in records of an older version. */
  category?: Category;
  aboutRule?: boolean;
  tenant?: Tenant;
  severity: AlertSeverity;
  state: 'firing' | 'muted' | 'resolved';
  since: number;
  /**
   * When the numbers below were judged; for an alert of another system, when it was posted last.
   */
  judgedAt?: number;
  /** It could not be judged since then, and why. */
  unjudged?: { since: number; reason: string };
  reason: string;
  value?: number;
  degradation?: number;
  drift?: KeptDrift;
  baseline?: Baseline;
  bound?: number;
  /**
   * Traces in which some of the last breaching value was measured; `link` leads to one, where the
   * config says how.
   */
  traces?: (TraceExample & { link?: string })[];
  /** Labels it depends on are missing, or it is an estimate from scores. */
  provisional?: 'labels' | 'estimate';
  /** What late labels said about it. */
  settled?: string;
  owner?: string;
  /** A runbook's name, or the http(s) URL of an external one; empty if none. */
  runbook: string;
  /** A link to the alert in the system that judges it, if that is another one. */
  link?: string;
  rollback?: string;
  muted?: MuteReason;
  /** What of an alert that another system posts is kept shorter than it was sent. */
  cuts?: PostedCut[];
};

/** An incident is one record of at most 400 kB, so texts from outside are cut. */
const maxReason = mostKept.text;
const maxLabels = 12;
const maxLabelValue = 120;
const shownEnd = 17;

/** How an alert counts in its incident. */
export function joinedState(alert: Alert): AlertSummary['state'] {
  if (!isActive(alert)) return 'resolved';
  return alert.muted === undefined ? 'firing' : 'muted';
}

/** Its title, owner, runbook and links. */
export function shownOf(alert: Alert, { rules }: Pick<AlertingConfig, 'rules'>, known?: AlertSummary): Shown {
  const rule = Object.hasOwn(rules, alert.ruleId) ? rules[alert.ruleId] : undefined;
  return kindOf(alert).shown(alert, { rule, known });
}

/**
 * `known` is what the incident shows so far: it keeps the names of a rule, or of an expected
 * watchdog, that was removed from the config.
 */
export function summarize(alert: Alert, config: AlertingConfig, known?: AlertSummary): AlertSummary {
  const shown = shownOf(alert, config, known);
  return {
    fingerprint: alert.fingerprint,
    ruleId: alert.ruleId,
    ...shown,
    title: cut(shown.title, maxReason),
    labels: shortLabels(alert.labels, () => keptLabels(config)),
    category: alert.category,
    ...(alert.aboutRule === true ? { aboutRule: true } : {}),
    ...(alert.tenant === undefined ? {} : { tenant: alert.tenant }),
    severity: alert.severity,
    state: joinedState(alert),
    since: alert.since,
    judgedAt: alert.evaluatedAt,
    reason: cut(alert.reason, maxReason),
    value: alert.value,
    degradation: alert.degradation,
    drift: alert.drift,
    baseline: alert.baseline?.kind === 'profile' ? { ...alert.baseline, shape: undefined } : alert.baseline,
    bound: alert.bound,
    ...tracesOf(alert, config),
    provisional: alert.provisional === undefined ? undefined : alert.provisional.estimate ? 'estimate' : 'labels',
    settled: alert.settled === undefined ? undefined : cut(`${alert.settled.outcome}: ${alert.settled.text}`, maxReason),
    muted: alert.muted === undefined ? undefined : { by: alert.muted.by, text: cut(alert.muted.text, maxReason) },
    ...(alert.external?.cuts === undefined ? {} : { cuts: alert.external.cuts }),
  };
}

/** The worst first: the largest, or the smallest where the value lies below its bound. */
function tracesOf({ traces = [], value, bound }: Alert, { settings }: AlertingConfig): Pick<AlertSummary, 'traces'> {
  if (traces.length === 0) return {};
  const isBelow = value !== undefined && bound !== undefined && value < bound;
  const { traceUrl } = settings;
  const linked = (one: TraceExample) =>
    traceUrl === undefined ? one : { ...one, link: traceUrl.replaceAll('{traceId}', one.trace) };
  return { traces: (isBelow ? traces.toReversed() : traces).map(linked) };
}

/** Labels as an incident shows them. If there are too many, those named by `keptOf` go first. */
export function shortLabels(labels: Labels, keptOf?: () => ReadonlySet<string>): Labels {
  if (areShort(labels)) return labels;
  const all = Object.entries(labels);
  const kept = all.length <= maxLabels ? undefined : keptOf?.();
  const ordered =
    kept === undefined ? all : [...all.filter(([name]) => kept.has(name)), ...all.filter(([name]) => !kept.has(name))];
  return Object.fromEntries(ordered.slice(0, maxLabels).map(([name, value]) => [name, shortValue(value)]));
}

function areShort(labels: Labels): boolean {
  let count = 0;
  for (const name in labels) {
    count += 1;
    if (count > maxLabels || (labels[name] as string).length > maxLabelValue) return false;
  }
  return true;
}

/** Both ends tell series apart: hosts differ at their start, pods and digests at their end. */
function shortValue(value: string): string {
  if (value.length <= maxLabelValue) return value;
  const end = value.slice(-shownEnd);
  return `${value.slice(0, maxLabelValue - shownEnd - 1)}…${end}`.toWellFormed();
}

/** Labels used to correlate alerts. */
function keptLabels({ settings: { groupBy, correlation }, dependencies }: AlertingConfig): ReadonlySet<string> {
  const matched = Object.values(dependencies).flatMap(({ match }) => match.map(({ name }) => name));
  return new Set(['model', 'feature', ...groupBy, ...correlation.apart, ...correlation.sharing, ...matched]);
}
