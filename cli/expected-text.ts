import Table from 'cli-table3';
import type { EvidenceSeen } from '../app/sources/evidence-seen.ts';
import type { Config } from '../core/config/schema.ts';
import type { Expected, SeenSeries } from '../core/detection/evidence/expected.ts';
import { assumedSeries, expectedAlarms } from '../core/detection/evidence/expected-alarms.ts';
import { isAsking } from '../core/detection/rules/rule-schema.ts';
import { counted as countedText } from '../core/vocabulary/counted.ts';

/**
 * The expected false alarms of one rule; `from` says whether its counts were observed or assumed.
 */
export type ExpectedRule = { rule: string; from: 'seen' | 'assumed'; samples?: number; budget?: number } & Expected;

/** The most rows; the highest expectation comes first. */
const mostRows = 50;

export function expectedOf(
  { rules, sources }: Pick<Config, 'rules' | 'sources'>,
  seen: EvidenceSeen | undefined,
): ExpectedRule[] {
  return Object.entries(rules).map(([id, rule]) => {
    const kept = seen !== undefined && Object.hasOwn(seen, id) ? seen[id] : undefined;
    const known = kept !== undefined && kept.series.length > 0;
    const series = known ? kept.series : assumedSeries(rule, isAsking(rule) ? sources[rule.source] : undefined);
    const found = expectedAlarms(rule, series);
    const times = known ? kept.of / kept.series.length : 1;
    return {
      rule: id,
      from: known ? 'seen' : 'assumed',
      ...(samplesOf(series) === undefined ? {} : { samples: samplesOf(series) as number }),
      ...(rule.falseAlarms === undefined ? {} : { budget: rule.falseAlarms }),
      ...(found.ok ? { ...found, alarms: found.alarms * times, tested: Math.round(found.tested * times) } : found),
    };
  });
}

/** The median over the series. */
function samplesOf(series: readonly SeenSeries[]): number | undefined {
  const counts = series.flatMap(({ count, drift }) => drift?.current ?? count ?? []).sort((a, b) => a - b);
  return counts[counts.length >> 1];
}

export function expectedText(all: readonly ExpectedRule[]): string {
  if (all.length === 0) return '';
  const counted = all.flatMap((one) => (one.ok ? [one] : [])).sort((a, b) => b.alarms - a.alarms);
  const table = new Table({
    head: ['rule', 'false alarms per month', 'budget', 'series', 'samples per point', 'counts'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [] },
  });
  for (const { rule, alarms, budget, tested, samples, from } of counted.slice(0, mostRows))
    table.push([rule, shownAlarms(alarms), budget === undefined ? '-' : shownAlarms(budget), tested, samples ?? '-', from]);
  const parts: string[] = [];
  if (counted.length > 0) parts.push(table.toString());
  if (counted.length > mostRows) parts.push(`and ${countedText(counted.length - mostRows, 'more rule')} with fewer expected`);
  const sum = counted.reduce((total, { alarms }) => total + alarms, 0);
  if (counted.length > 1) parts.push(`In total: ${shownAlarms(sum)} per month, if nothing changes.`);
  const rest = Map.groupBy(
    all.flatMap((one) => (one.ok ? [] : [one])),
    ({ reason }) => reason,
  );
  for (const [reason, ones] of rest) parts.push(`Not counted: ${listed(ones.map(({ rule }) => rule))}: ${reason}.`);
  if (counted.some(({ from }) => from === 'assumed'))
    parts.push(
      'Assumed: a ratio of 80 %, as many samples as `minCount` and at least 100, 1,000 values of a feature and step; --store or --url takes recorded values instead.',
    );
  return `${parts.join('\n')}\n`;
}

/**
 * Rules that expect more false alarms than their budget, with 10 % tolerance for the formula's
 * accuracy.
 */
export const overBudget = (all: readonly ExpectedRule[]): ExpectedRule[] =>
  all.filter((one) => one.budget !== undefined && (one.ok ? one.alarms > 1.1 * one.budget : one.from === 'seen'));

export function overBudgetText(one: ExpectedRule): string {
  const of = `${one.rule} has a budget of ${shownAlarms(one.budget ?? 0)} false alarms per month`;
  return one.ok
    ? `${of}, but ${shownAlarms(one.alarms)} are expected`
    : `${of}, and Tocsin cannot tell how many to expect: ${one.reason}`;
}

export const shownAlarms = (alarms: number): string =>
  alarms === 0 ? '0' : alarms < 0.001 ? 'below 0.001' : String(Number(alarms.toPrecision(2)));

const listed = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
