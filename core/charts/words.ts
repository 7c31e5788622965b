import { formatPercent, formatValue } from '../vocabulary/format.ts';
import { type Chart, type ChartMark, type ChartPoint, sideOf } from './chart.ts';
import { intervalText } from './interval-text.ts';
import { type TimeTick, utcTick } from './ticks.ts';

/** A day or a time of day, in the zone of whoever reads it. */
type TimeText = (tick: TimeTick) => string;

/** `19:00`, or `20 Mar 19:00` where the chart spans more than a day. */
export function chartTime(at: number, { from, to }: Pick<Chart, 'from' | 'to'>, text: TimeText = utcTick): string {
  const day = (of: number): string => text({ at: of, isDay: true });
  const time = text({ at, isDay: false });
  return day(from) === day(to - 1) ? time : `${day(at)} ${time}`;
}

type Valued = ChartPoint & { value: number };

/**
 * A chart in one sentence, for those who do not see it: from where to where, and how sure that is.
 * `confidence`: of the intervals, such as 0.95; `text`: times in another zone than UTC.
 */
export function chartSentence(chart: Chart, confidence = 0.95, text: TimeText = utcTick): string {
  const { title, points } = chart;
  const valued = points.filter((point): point is Valued => point.value !== undefined);
  const last = valued.at(-1);
  if (last === undefined) return `${title}: nothing was judged in this time.`;
  const when = (at: number): string => chartTime(at, chart, text);
  const values = valued.map(({ value }) => value);
  const side = sideOf(points);
  const best = side === 'below' ? Math.max(...values) : Math.min(...values);
  const start = valued.findLast(({ value }) => value === best) ?? last;
  const moved = Math.abs(last.value - start.value) > 0.02 * Math.max(Math.abs(last.value), Math.abs(start.value));
  const now = formatValue(last.value, ...besides(last));
  const verb = last.value < start.value ? 'fell' : 'rose';
  const course = moved
    ? `${title} ${verb} from ${formatValue(start.value)} at ${when(start.at)} to ${now} at ${when(last.at)}`
    : `${title} is ${now} at ${when(last.at)}`;
  const evidence = evidenceOf(last, side, confidence);
  const unjudged = points.at(-1)?.verdict === 'not judged' && points.at(-1) !== last ? '; not judged since' : '';
  return `${course}${evidence === '' ? '' : `; ${evidence}`}${unjudged}.`;
}

const besides = ({ baseline, warn, critical }: ChartPoint): number[] =>
  [baseline, warn, critical].filter((one) => one !== undefined);

/** Where the last value, or its whole interval, lies. */
function evidenceOf({ value, interval, warn, critical, baseline }: Valued, side: 'above' | 'below', confidence: number): string {
  const isPast = (one: number, bound: number): boolean => (side === 'below' ? one <= bound : one >= bound);
  const bounds = [
    { name: 'critical', bound: critical },
    { name: 'warn', bound: warn },
  ].flatMap(({ name, bound }) => (bound === undefined ? [] : [{ name, bound }]));
  const against = baseline === undefined ? '' : `, its baseline is ${formatValue(baseline)}`;
  const near = side === 'below' ? interval?.high : interval?.low;
  const past = bounds.find(({ bound }) => isPast(value, bound));
  const span =
    interval === undefined ? '' : `${formatPercent(confidence).replace('%', '\u00a0%')} interval (${intervalText(interval)})`;
  if (past === undefined) {
    const first = bounds.at(-1);
    return first === undefined
      ? against.slice(2)
      : `that is within the ${first.name} bound of ${formatValue(first.bound)}${against}`;
  }
  const bound = `the ${past.name} bound of ${formatValue(past.bound)}`;
  if (near === undefined) return `that is ${side} ${bound}${against}`;
  return isPast(near, past.bound) ? `its whole ${span} lies ${side} ${bound}` : `its ${span} still covers ${bound}`;
}

/** What a mark says in words; a page has a sign instead of one. */
export const markText = ({ kind, text }: ChartMark): string => (kind === 'page' ? 'paged' : text);

/** What happened since the point before this one. */
export function marksSince(point: Pick<ChartPoint, 'at'>, { points, marks }: Pick<Chart, 'points' | 'marks'>): ChartMark[] {
  const before = points.findLast(({ at }) => at < point.at)?.at ?? Number.NEGATIVE_INFINITY;
  return marks.filter(({ at }) => at > before && at <= point.at);
}

/** One point, as a cursor reads it. */
export function pointSentence(point: ChartPoint, chart: Chart, text: TimeText = utcTick): string {
  const { at, value, count, interval, baseline, verdict, provisional, first } = point;
  const when = chartTime(at, chart, text);
  const meanwhile = marksSince(point, chart).map(markText);
  if (value === undefined) return [`${when}: not judged`, ...meanwhile].join(', ');
  const parts = [
    `${when}: ${formatValue(value, ...besides(point))}${count === undefined ? '' : ` of ${count}`}`,
    ...(interval === undefined ? [] : [`interval ${intervalText(interval)}`]),
    ...(baseline === undefined ? [] : [`baseline ${formatValue(baseline)}`]),
    verdict,
    ...(provisional === undefined ? [] : [provisional === 'labels' ? 'labels still to come' : 'an estimate from scores']),
    ...(first === undefined || first === value ? [] : [`first judged ${formatValue(first)}`]),
    ...meanwhile,
  ];
  return parts.join(', ');
}
