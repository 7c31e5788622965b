import { useLocation } from 'preact-iso/router';
import { now } from '../../data/clock.ts';
import { zoneName } from '../../frame/zone.ts';
import { type Day, dateOf, dateText, daysFrom, mondayOf, readDate } from './days.ts';

export type View = {
  range: 'week' | '5weeks';
  timeZone: string;
  days: Day[];
  from: number;
  to: number;
  /** Another view of the same screen. */
  show(change: { range?: View['range']; step?: number; zone?: string }): void;
};

/** What the address says is shown: five weeks from Monday on, in a zone. */
export function useView(): View {
  const { path, query, route } = useLocation();
  const range = query['range'] === 'week' ? 'week' : '5weeks';
  const timeZone = zoneIn(query['zone']);
  const count = range === 'week' ? 7 : 35;
  const first = readDate(query['from']) ?? mondayOf(dateOf(now.value, timeZone));
  const days = daysFrom(first, count, timeZone);
  return {
    ...{ range, timeZone, days },
    from: days[0]?.start ?? 0,
    to: days.at(-1)?.end ?? 0,
    show(change) {
      const next = new URLSearchParams(query);
      if (change.range !== undefined) next.set('range', change.range);
      if (change.zone !== undefined) next.set('zone', change.zone);
      if (change.step !== undefined) next.set('from', dateText(first + 7 * change.step));
      if (change.step === 0) next.delete('from');
      route(`${path}${next.size === 0 ? '' : `?${next}`}`, true);
    },
  };
}

function zoneIn(text: string | undefined): string {
  const usual = zoneName();
  if (text === undefined) return usual;
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return usual;
  }
}
