import { changedRule, patchOf, type RejudgedRule, type RuleChange } from '../../core/dry-run/kept-history/changed-rule.ts';
import { type FiringSpan, rejudge } from '../../core/dry-run/kept-history/rejudge.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import { unknownRule } from '../evaluate/unknown-rule.ts';
import { entriesOf } from '../explain/history.ts';
import type { Ports } from '../ports/ports.ts';
import { latestJudgements } from './latest-judgements.ts';

/** Series that are judged again: reading and judging them takes a moment each. */
const mostSeries = 10;
const mostEntries = 12_000;
const mostSpans = 200;

/** What the rule did, or would have done, over all series that were looked at. */
export type Lane = {
  alerts: number;
  /** Reasons to page: alerts that began, and raises to critical. */
  pages: number;
  pagesAWeek: number;
  /** Share of the time, 0 to 1, with an alert on at least one series. */
  firingShare: number;
  /** Some of the spans, the latest ones. */
  spans: FiringSpan[];
};

export type RuleBacktest = {
  rule: RuleId;
  from: number;
  to: number;
  /** Judgements that were kept and judged again. */
  entries: number;
  series: { looked: number; total: number };
  asItIs: Lane;
  changed: Lane;
  /** The keys to change, in YAML; empty if nothing changes. */
  patch: string;
};

/**
 * What a changed rule would have done with what is kept of its judgements, beside what the rule as
 * it is would have done with the same. Both rest on the kept history: one value an hour where it is
 * old, so neither is exactly what was paged.
 */
export async function backtestRule(
  ports: Pick<Ports, 'store' | 'config' | 'inFlight'>,
  id: RuleId,
  change: RuleChange,
  { from, now }: { from: number; now: number },
): Promise<RuleBacktest | { unknown: string } | { wrong: string }> {
  const { config, store } = ports;
  const rule = Object.hasOwn(config.rules, id) ? config.rules[id] : undefined;
  if (rule === undefined) return { unknown: unknownRule(config.rules, id) ?? '' };
  const changed = changedRule(rule, change);
  if (!changed.ok) return { wrong: changed.error };
  const asItIs = rule as RejudgedRule;
  const judgement = (await latestJudgements(ports, [id])).get(id);
  const looked = judgement?.shown.slice(0, mostSeries) ?? [];
  const kept = await Promise.all(
    looked.map(({ fingerprint }) => entriesOf({ store }, { rule: id, fingerprint, from, to: now + 1, most: mostEntries }, now)),
  );
  const begins = Math.min(now, ...kept.flatMap((entries) => entries[0]?.at ?? []));
  const lane = (tried: RejudgedRule): Lane =>
    laneOf(
      kept.map((entries) => rejudge(tried, entries, now)),
      { from: begins, to: now },
    );
  return {
    ...{ rule: id, from: begins, to: now, entries: kept.reduce((sum, entries) => sum + entries.length, 0) },
    series: { looked: looked.length, total: judgement?.series ?? 0 },
    ...{ asItIs: lane(asItIs), changed: lane(changed.rule), patch: patchOf(id, asItIs, changed.rule) },
  };
}

const week = 7 * 86_400_000;

function laneOf(results: readonly ReturnType<typeof rejudge>[], { from, to }: { from: number; to: number }): Lane {
  const alerts = results.reduce((sum, one) => sum + one.alerts, 0);
  const pages = results.reduce((sum, one) => sum + one.alerts + one.raises, 0);
  const spans = results.flatMap((one) => one.spans).sort((a, b) => a.from - b.from);
  let covered = 0;
  let end = from;
  for (const span of spans) {
    covered += Math.max(0, span.to - Math.max(end, span.from));
    end = Math.max(end, span.to);
  }
  const length = Math.max(1, to - from);
  return {
    ...{ alerts, pages, pagesAWeek: pages / Math.max(1, length / week) },
    ...{ firingShare: Math.min(1, covered / length), spans: spans.slice(-mostSpans) },
  };
}
