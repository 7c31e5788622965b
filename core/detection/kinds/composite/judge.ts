import { labelsKey } from '../../../vocabulary/labels-key.ts';
import { matchersText } from '../../../vocabulary/matchers/matcher.ts';
import { labelOf, matchable, matches } from '../../../vocabulary/matching.ts';
import type { Labels, Severity } from '../../../vocabulary/schema-parts.ts';
import type { CombinedAlert } from '../../rules/combined-alert.ts';
import type { Verdict } from '../../verdict.ts';
import type { CompositeConfig } from './schema.ts';

type Term = NonNullable<CompositeConfig['all']>[number];

/** At most this many combinations past the limit are counted. */
const maxLeftOut = 1000;

/** Alerts that match each other, and the labels they share. */
type Together = { labels: Labels; alerts: readonly CombinedAlert[] };

/**
 * Where a composite rule's conditions hold: one verdict per combination of the labels `on`. Two
 * alerts match if every label of `on` that both have is equal, so an alert on a machine, which has
 * no model label, matches those of every model in its environment. At most `max` combinations; the
 * labels of others go to `leftOut`.
 */
export function judgeComposite(
  config: CompositeConfig,
  on: readonly string[],
  alerts: readonly CombinedAlert[],
  compositeIds: ReadonlySet<string>,
  max: number,
  now: number,
  leftOut: Map<string, Labels> = new Map(),
): { labels: Labels; verdict: Verdict }[] {
  const active = alerts.filter((alert) => alert.aboutRule !== true && (alert.state === 'firing' || alert.state === 'recovering'));
  const of = (term: Term): Together[] =>
    active
      .filter((alert) => isMeant(term, alert, compositeIds))
      .map((alert) => ({ labels: pick(alert.labels, on), alerts: [alert] }));

  let found: Together[] = [{ labels: {}, alerts: [] }];
  for (const term of config.all ?? []) found = joined(found, of(term), max, leftOut);
  if (config.any !== undefined) found = joined(found, config.any.flatMap(of), max, leftOut);
  const refused = (config.none ?? []).flatMap(of);
  return found
    .filter(({ labels }) => !refused.some((other) => agree(labels, other.labels)))
    .map((together) => ({ labels: together.labels, verdict: verdictOn(together, config, now) }));
}

/**
 * The verdict on one combination of labels, from its matching alerts only: equal to that of
 * `judgeComposite`, whatever the number of combinations. Undefined if the conditions do not hold.
 */
export function judgeCombination(
  config: CompositeConfig,
  on: readonly string[],
  alerts: readonly CombinedAlert[],
  compositeIds: ReadonlySet<string>,
  labels: Labels,
  now: number,
): Verdict | undefined {
  const wanted = pick(labels, on);
  // Labels outside the combination would make it another one.
  const own = alerts.filter((alert) => Object.entries(pick(alert.labels, on)).every(([name, value]) => wanted[name] === value));
  const key = labelsKey(wanted);
  const found = judgeComposite(config, on, own, compositeIds, Number.POSITIVE_INFINITY, now);
  return found.find((one) => labelsKey(one.labels) === key)?.verdict;
}

/**
 * Alerts of composite rules repeat findings of other rules, so only a term with their rule name
 * means them.
 */
function isMeant({ rule, match, severity }: Term, alert: CombinedAlert, compositeIds: ReadonlySet<string>): boolean {
  if (rule === undefined ? compositeIds.has(alert.ruleId) : rule !== alert.ruleId) return false;
  if (severity === 'critical' && alert.severity !== 'critical') return false;
  return match === undefined || matches(match, matchable(alert));
}

function pick(labels: Labels, names: readonly string[]): Labels {
  const picked: Labels = {};
  for (const name of names) {
    const value = labelOf(labels, name);
    if (value !== '') picked[name] = value;
  }
  return picked;
}

/** Asked of every pair of alerts, so it makes no list of the labels. */
function agree(a: Labels, b: Labels): boolean {
  for (const name in a) if (a[name] !== b[name] && Object.hasOwn(b, name)) return false;
  return true;
}

/** Joins matching alerts of both sides; each set of labels once, with all alerts behind it. */
function joined(some: readonly Together[], others: readonly Together[], max: number, leftOut: Map<string, Labels>): Together[] {
  const found = new Map<string, { labels: Labels; alerts: Set<CombinedAlert> }>();
  for (const one of some) {
    for (const other of others) {
      if (!agree(one.labels, other.labels)) continue;
      const labels = { ...one.labels, ...other.labels };
      const key = labelsKey(labels);
      const known = found.get(key);
      if (known === undefined && found.size >= max) {
        if (leftOut.size < maxLeftOut) leftOut.set(key, labels);
        continue;
      }
      if (known === undefined) found.set(key, { labels, alerts: new Set([...one.alerts, ...other.alerts]) });
      else for (const alert of [...one.alerts, ...other.alerts]) known.alerts.add(alert);
    }
  }
  return [...found.values()].map(({ labels, alerts }) => ({ labels, alerts: [...alerts] }));
}

function verdictOn({ alerts }: Together, config: CompositeConfig, now: number): Verdict {
  const highest: Severity = alerts.some(({ severity }) => severity === 'critical') ? 'critical' : 'warn';
  const names = [...new Set(alerts.map(({ ruleId, severity }) => `${ruleId} (${severity})`))];
  const shown = names.length > 5 ? [...names.slice(0, 5), `${names.length - 5} more`] : names;
  const none = config.none === undefined ? '' : `, and none of ${config.none.map(termText).join(', ')}`;
  return {
    status: config.severity ?? highest,
    at: now,
    reason: `${listOf(shown)} ${names.length === 1 ? 'fires' : 'fire together'}${none}`,
    breaching: 1,
    looked: 1,
    judged: true,
  };
}

const termText = ({ rule, match }: Term): string => [rule, matchersText(match ?? [])].filter(Boolean).join(' ');

const listOf = (names: readonly string[]): string =>
  names.length <= 1 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/**
 * The verdict on a composite alert whose labels were not found. `changed`: alerts that changed now,
 * one of which ended it.
 */
export const compositeEnded = (config: CompositeConfig, changed: readonly CombinedAlert[], now: number): Verdict => ({
  status: 'ok',
  at: now,
  reason: 'its conditions no longer hold together',
  ...latestPointOf(config, changed),
  breaching: 0,
  looked: 1,
  judged: true,
});

function latestPointOf(config: CompositeConfig, changed: readonly CombinedAlert[]): { restsOn?: number } {
  const times = changed
    .filter(({ ruleId }) => termsOf(config).some(({ rule }) => rule === undefined || rule === ruleId))
    .flatMap(({ pointAt }) => pointAt ?? []);
  return times.length === 0 ? {} : { restsOn: Math.max(...times) };
}

const termsOf = ({ all = [], any = [], none = [] }: CompositeConfig): Term[] => [...all, ...any, ...none];

/** The rules a composite names, with the config keys. */
export const namesIn = (config: CompositeConfig): { at: (string | number)[]; rule: string }[] =>
  (['all', 'any', 'none'] as const).flatMap((part) =>
    (config[part] ?? []).flatMap(({ rule }, index) =>
      rule === undefined ? [] : [{ at: ['composite', part, index, 'rule'], rule }],
    ),
  );

/** Whether it may depend on external alerts: a term without a rule name also matches those. */
export const restsOnOthers = (config: CompositeConfig): boolean => termsOf(config).some(({ rule }) => rule === undefined);
