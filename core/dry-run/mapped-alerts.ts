import { normalizeAlert } from '../alerting/alerts/normalize.ts';
import { cutText } from '../alerting/alerts/posted-cuts.ts';
import { groupingOf } from '../alerting/correlation/grouping.ts';
import { intakeOf } from '../alerting/intakes/intake.ts';
import { type MappedElement, readMapped } from '../alerting/intakes/mapping/read-mapped.ts';
import type { Config } from '../config/schema.ts';
import { atOnce } from '../telemetry/samples/body.ts';
import type { AlertsSourceConfig } from '../telemetry/sources/kinds/alerts.ts';
import type { Fingerprint } from '../vocabulary/ids.ts';
import { matchable, matches } from '../vocabulary/matching.ts';
import type { AlertSeverity, Category, Labels } from '../vocabulary/schema-parts.ts';
import { nobodyText, type Route, routeOfAlert } from './route.ts';

/** What would become of one part of a message. `pointer`: where it is in there. */
export type MappedAlert = { index: number; pointer?: string } & (
  | { outcome: 'refused'; reason: string }
  | ({ outcome: 'fires' | 'ends'; ends?: number } & Told)
  | ({ outcome: 'ignored' | 'watchdog' } & Told)
);

type Told = {
  rule: string;
  title: string;
  reason: string;
  severity: AlertSeverity;
  category: Category;
  labels: Labels;
  fingerprint: Fingerprint;
  runbook: string;
  link?: string;
  /** Of one that fires: the policy and routes that would take it. */
  route?: Pick<Route, 'policy' | 'route' | 'muted'> & { nobody?: string };
  /** What was not understood, and what was cut. */
  notes: string[];
};

export type MappedAnswer = { ok: true; alerts: MappedAlert[] } | { ok: false; error: string };

/**
 * What a message in a format would become, if it was sent now to a source. Nothing is stored, and
 * nobody is paged.
 */
export function mappedAlerts(
  config: Config,
  { intake, source }: { intake: string; source: string },
  document: unknown,
  now: number,
): MappedAnswer {
  const sourceConfig = config.sources[source];
  if (sourceConfig?.kind !== 'alerts') return { ok: false, error: `${source} is no source of kind alerts` };
  const read = elementsIn(config, intake, document, now);
  if (!read.ok) return read;
  return {
    ok: true,
    alerts: read.elements.map((element) => outcomeOf(config, { name: source, source: sourceConfig }, element, now)),
  };
}

function elementsIn(
  config: Config,
  name: string,
  document: unknown,
  now: number,
): { ok: true; elements: MappedElement[] } | { ok: false; error: string } {
  const mapping = Object.hasOwn(config.intakes, name) ? config.intakes[name] : undefined;
  if (mapping !== undefined) return atOnce(readMapped(mapping, document, now, 'all'));
  const read = intakeOf(name)?.read(document, now);
  if (read === undefined) return { ok: false, error: `there is no format ${name}` };
  if (!read.ok) return read;
  const elements: MappedElement[] = [
    ...read.records.map(({ index, value }) => ({ index, ok: true as const, alert: value })),
    ...read.rejected.map(({ index, reason }) => ({ index, ok: false as const, error: reason })),
  ];
  return { ok: true, elements: elements.toSorted((a, b) => a.index - b.index) };
}

function outcomeOf(
  config: Config,
  { name, source }: { name: string; source: AlertsSourceConfig },
  element: MappedElement,
  now: number,
): MappedAlert {
  const { index, pointer } = element;
  const at = { index, ...(pointer === undefined ? {} : { pointer }) };
  if (!element.ok) return { ...at, outcome: 'refused', reason: element.error };
  const notes: string[] = [];
  const alert = normalizeAlert(
    element.alert,
    { name, source, groupBy: groupingOf(config), defaulted: (text) => notes.push(text()) },
    now,
  );
  const { external } = alert;
  const told: Told = {
    rule: alert.ruleId,
    title: external.title,
    reason: alert.reason,
    severity: alert.severity,
    category: alert.category,
    labels: alert.labels,
    fingerprint: alert.fingerprint,
    runbook: external.runbook,
    ...(external.link === undefined ? {} : { link: external.link }),
    notes: [...notes, ...(external.cuts ?? []).map(cutText)],
  };
  if (source.watchdog !== undefined && matches(source.watchdog.match, matchable(alert)))
    return { ...at, outcome: 'watchdog', ...told };
  if (external.endsAt <= now) return { ...at, outcome: 'ends', ...told };
  if (source.ignore.some((match) => matches(match, matchable(alert)))) return { ...at, outcome: 'ignored', ...told };
  const { policy, route, muted, ...nobody } = routeOfAlert(config, alert, now);
  const said = nobodyText(nobody);
  return {
    ...at,
    outcome: 'fires',
    ends: external.endsAt,
    ...told,
    route: {
      policy,
      ...(route === undefined ? {} : { route }),
      ...(muted === undefined ? {} : { muted }),
      ...(said === undefined ? {} : { nobody: said }),
    },
  };
}
