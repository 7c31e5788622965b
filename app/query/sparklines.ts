import type { HistoryEntry } from '../../core/alerting/judgements/history/entry.ts';
import { gridOf, type Sparkline, sparklineOf } from '../../core/alerting/judgements/history/sparkline.ts';
import type { Fingerprint, RuleId } from '../../core/vocabulary/ids.ts';
import type { Labels } from '../../core/vocabulary/schema-parts.ts';
import { entriesOf } from '../explain/history.ts';
import type { Ports } from '../ports/ports.ts';
import { latestJudgements, leadingSeries } from './latest-judgements.ts';

const hour = 3_600_000;
/** Slots of one chart: more than its pixels show nothing. */
const mostSlots = 48;
const mostEntries = 2000;

export type RuleSparkline = Sparkline & { rule: RuleId; fingerprint: Fingerprint; labels: Labels };

/**
 * Small charts of rules, each of the series by which its rule is shown. Rules without one are left
 * out.
 */
export async function sparklinesOf(
  ports: Pick<Ports, 'store' | 'config' | 'inFlight'>,
  rules: readonly RuleId[],
  hours: number,
  now: number,
): Promise<RuleSparkline[]> {
  const known = rules.filter((rule) => Object.hasOwn(ports.config.rules, rule));
  const judgements = await latestJudgements(ports, known);
  const read = known.map(async (rule) => {
    const series = leadingSeries(judgements.get(rule));
    if (series === undefined) return [];
    const { fingerprint, labels, found } = series;
    return [await sparklineOfSeries(ports, { rule, fingerprint, labels, value: found?.value }, hours, now)];
  });
  return (await Promise.all(read)).flat();
}

/** `value`: the last one, which may be newer than its history. */
export async function sparklineOfSeries(
  { store }: Pick<Ports, 'store'>,
  { rule, fingerprint, labels, value }: Pick<RuleSparkline, 'rule' | 'fingerprint' | 'labels'> & { value: number | undefined },
  hours: number,
  now: number,
): Promise<RuleSparkline> {
  const span = { to: now, spanMs: hours * hour, slots: Math.min(mostSlots, hours * 12) };
  const asked = { rule, fingerprint, from: gridOf(span).from, to: now + 1, most: mostEntries };
  const entries = await entriesOf({ store }, asked, now);
  const line = sparklineOf(entries, { ...span, spanMs: spanKnown(entries, span.spanMs, now) });
  // History keeps what goes on now and then only; the chart ends with what was judged last.
  if (line.values.at(-1) === undefined && Number.isFinite(value)) line.values[line.values.length - 1] = value;
  return { rule, fingerprint, labels, ...line };
}

/**
 * A series that is younger than the chart fills it all the same: less than an hour is never
 * stretched further.
 */
function spanKnown(entries: readonly HistoryEntry[], spanMs: number, now: number): number {
  const [first] = entries;
  return first === undefined ? spanMs : Math.min(spanMs, Math.max(hour, 1.02 * (now - first.at)));
}
