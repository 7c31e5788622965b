import type { HistoryEntry } from '../../core/alerting/judgements/history/entry.ts';
import { atMost } from '../../core/alerting/judgements/history/thin.ts';
import type { SeriesJudgement } from '../../core/alerting/judgements/judgement.ts';
import { counted } from '../../core/vocabulary/counted.ts';
import type { Fingerprint, RuleId } from '../../core/vocabulary/ids.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import { fineFor } from '../evaluate/note-history.ts';
import { readJudgements } from '../evaluate/note-judgements.ts';
import { unknownRule } from '../evaluate/unknown-rule.ts';
import type { Ports } from '../ports/ports.ts';

const hour = 3_600_000;
/**
 * More than any chart shows; a judgement a minute for as long as these are kept, and one an hour
 * before.
 */
const mostFine = 3000;
const mostHours = 10_000;

export type HistoryRequest = {
  rule: RuleId;
  /** Which series; absent: the first that a judgement of the rule shows, so one with an alert. */
  fingerprint?: Fingerprint | undefined;
  from: number;
  to: number;
  /** At most so many entries. */
  most: number;
};

export type RuleHistory = {
  rule: RuleId;
  from: number;
  to: number;
  /** The series that the last judgement of the rule shows. */
  series: Pick<SeriesJudgement, 'fingerprint' | 'labels' | 'status'>[];
  /** Whose entries these are; absent: the rule has judged no series. */
  of?: Fingerprint;
  entries: HistoryEntry[];
};

/** What was found of one series of a rule over time. Reads only. */
export async function historyOf(
  { store, config }: Pick<Ports, 'store' | 'config'>,
  { rule, fingerprint, from, to, most }: HistoryRequest,
  now: number,
): Promise<RuleHistory | { unknown: string }> {
  const unknown = unknownRule(config.rules, rule);
  if (unknown !== undefined) return { unknown };
  const judgement = (await readJudgements({ store }, [rule])).get(rule);
  const series = (judgement?.shown ?? []).map(({ fingerprint: of, labels, status }) => ({ fingerprint: of, labels, status }));
  if (fingerprint !== undefined && !series.some((one) => one.fingerprint === fingerprint))
    return {
      unknown: `the last judgement of ${rule} shows no series ${shown(fingerprint)}; it shows ${counted(series.length, 'series', 'series')}`,
    };
  const of = fingerprint ?? series[0]?.fingerprint;
  if (of === undefined) return { rule, from, to, series, entries: [] };
  const entries = await entriesOf({ store }, { rule, fingerprint: of, from, to, most }, now);
  return { rule, from, to, series, of, entries };
}

/** The entries of one series, whether or not the last judgement shows it. */
export async function entriesOf(
  { store }: Pick<Ports, 'store'>,
  { rule, fingerprint, from, to, most }: HistoryRequest & { fingerprint: Fingerprint },
  now: number,
): Promise<HistoryEntry[]> {
  const fineFrom = Math.min(to, Math.max(from, now - fineFor));
  const [hours, fine] = await Promise.all([
    store.history({ rule, fingerprint, level: 'hour' }, { from, to }, mostHours),
    store.history({ rule, fingerprint, level: 'fine' }, { from: fineFrom, to }, mostFine),
  ]);
  // An hour that is still there as it was judged needs no sum. Of the first one a part may be gone.
  const [first] = fine;
  const isCut = first !== undefined && (fine.length === mostFine || hourAt(first.at) * hour < now - fineFor);
  const summed = new Set(hours.map(({ at }) => hourAt(at)));
  const cutHour = isCut && hourAt(first.at) * hour >= from && summed.has(hourAt(first.at)) ? hourAt(first.at) : undefined;
  const whole = fine.filter(({ at }) => hourAt(at) !== cutHour);
  const begun = new Set(whole.map(({ at }) => hourAt(at)));
  const older = hours.filter(({ at }) => !begun.has(hourAt(at)));
  return atMost([...older, ...whole], { from, to }, most);
}

const hourAt = (at: number): number => Math.floor(at / hour);
