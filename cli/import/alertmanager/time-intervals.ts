import { weekdays } from '../../../core/alerting/mute-timings/mute-timing-schema.ts';
import type { Notes } from '../note.ts';
import type { Written } from '../written.ts';

type Weekday = (typeof weekdays)[number];
export type MuteWindow = { days: Weekday[]; from: string; to: string };

/** When a named interval is active, as windows of a week in one time zone each. */
export type TimeInterval = {
  line: number;
  spans: { timezone: string; windows: MuteWindow[] }[];
  /** Whether a part of it cannot be said as windows of a week. */
  partly: boolean;
};

const dayMinutes = 24 * 60;
/** In the order of Alertmanager, whose weeks begin on Sundays. */
const sundayFirst = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const shortOf = (day: string): Weekday => day.slice(0, 3) as Weekday;

/** `time_intervals` and the older `mute_time_intervals`, by name. */
export function timeIntervalsIn(config: Written, notes: Notes): Map<string, TimeInterval> {
  const found = new Map<string, TimeInterval>();
  for (const interval of [...config.mappings('time_intervals'), ...config.mappings('mute_time_intervals')]) {
    const name = interval.text('name')?.text ?? '';
    const entries = interval.mappings('time_intervals').map((entry) => spanOf(entry, notes));
    const spans = entries.filter((entry) => entry !== undefined);
    found.set(name, { line: interval.line, spans, partly: spans.length < entries.length });
  }
  return found;
}

/** One entry. Undefined, with a note, if windows of a week cannot say it. */
function spanOf(entry: Written, notes: Notes): { timezone: string; windows: MuteWindow[] } | undefined {
  const calendar = ['days_of_month', 'months', 'years'].filter((key) => entry.has(key));
  for (const key of calendar) entry.drop(key);
  const location = entry.text('location');
  const times = entry.mappings('times').map((time) => ({
    line: time.line,
    from: minuteOf(time.text('start_time')?.text),
    to: minuteOf(time.text('end_time')?.text),
  }));
  const named = entry.texts('weekdays');
  const days = named.length === 0 ? [...weekdays] : named.flatMap(({ text }) => daysOf(text) ?? [undefined]);
  const leave = (line: number, text: string): undefined => {
    notes.push({ line, kind: 'left out', text });
    return undefined;
  };
  if (calendar.length > 0)
    return leave(entry.line, `these times, for ${calendar.join(', ')}: mute timings here repeat by the week; use a silence`);
  if (location?.text.toLowerCase() === 'local')
    return leave(location.line, 'these times, for the location Local is the zone of whatever machine it runs on; name the zone');
  if (!days.every((day) => day !== undefined)) return leave(entry.line, 'these times, for their weekdays cannot be read');
  const windows: MuteWindow[] = [];
  for (const { line, from, to } of times.length === 0 ? [{ line: entry.line, from: 0, to: dayMinutes }] : times) {
    if (from === undefined || to === undefined || from >= to || from === dayMinutes)
      return leave(line, 'these times: expected start_time before end_time, such as 09:00 and 17:00');
    windows.push({ days, from: clock(from), to: clock(to) });
  }
  return { timezone: location?.text ?? 'UTC', windows };
}

/** The times of a week in which none of these windows is active. */
export function complementOf(windows: readonly MuteWindow[]): MuteWindow[] {
  const bySegment = new Map<string, MuteWindow>();
  for (const day of weekdays) {
    const active = new Array<boolean>(dayMinutes).fill(false);
    for (const { days, from, to } of windows)
      if (days.includes(day)) active.fill(true, minuteOf(from), minuteOf(to) || dayMinutes);
    for (const [from, to] of gapsOf(active)) {
      const key = `${from}-${to}`;
      const same = bySegment.get(key) ?? { days: [], from: clock(from), to: clock(to) };
      same.days.push(day);
      bySegment.set(key, same);
    }
  }
  return [...bySegment.values()];
}

function gapsOf(active: readonly boolean[]): [number, number][] {
  const gaps: [number, number][] = [];
  for (let at = 0; at < active.length; at += 1) {
    if (active[at]) continue;
    const end = active.indexOf(true, at);
    gaps.push([at, end < 0 ? active.length : end]);
    at = end < 0 ? active.length : end;
  }
  return gaps;
}

/** `monday:friday`, or one day. Undefined if it is neither. */
function daysOf(text: string): Weekday[] | undefined {
  const [first = '', last = first, ...more] = text.trim().toLowerCase().split(':');
  const [from, to] = [sundayFirst.indexOf(first.trim()), sundayFirst.indexOf(last.trim())];
  return from < 0 || to < from || more.length > 0 ? undefined : sundayFirst.slice(from, to + 1).map(shortOf);
}

/** `24:00` is the end of a day. */
function minuteOf(text: string | undefined): number | undefined {
  const parts = /^(\d{1,2}):(\d{2})$/.exec(text ?? '');
  const minute = Number(parts?.[1]) * 60 + Number(parts?.[2]);
  return parts === null || Number(parts[2]) > 59 || minute > dayMinutes ? undefined : minute;
}

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
