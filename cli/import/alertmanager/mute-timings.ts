import type { ConfigInput } from '../../../core/config/schema.ts';
import type { Notes } from '../note.ts';
import { matchTexts } from './matchers.ts';
import type { TimedRoute } from './route-tree.ts';
import { complementOf, type MuteWindow, type TimeInterval } from './time-intervals.ts';

type MuteTimings = NonNullable<ConfigInput['muteTimings']>;

/**
 * The mute timings of routes that name time intervals. What is muted here is chosen by labels,
 * where an Alertmanager chooses by the route that was taken.
 */
export function muteTimingsOf(
  routes: readonly TimedRoute[],
  intervals: ReadonlyMap<string, TimeInterval>,
  nameFor: (text: string) => string,
  notes: Notes,
): MuteTimings {
  const made: MuteTimings = {};
  const used = new Set(routes.flatMap(({ muted, active }) => [...muted, ...active]));
  for (const [name, { line }] of intervals)
    if (!used.has(name)) notes.push({ line, kind: 'left out', text: `the time interval ${name}, which no route names` });
  for (const route of routes) {
    const add = (name: string, timezone: string, windows: MuteWindow[]): void => {
      if (windows.length > 0) made[nameFor(name)] = { timezone, match: matchTexts(route.match), windows };
    };
    if (route.shared) {
      const text =
        'its time intervals: they mute all alerts that its matchers and those around it match, whichever route these take';
      notes.push({ line: route.line, kind: 'differs', text });
    }
    for (const name of known(route.muted, route, intervals, notes))
      for (const { timezone, windows } of intervals.get(name)?.spans ?? []) add(name, timezone, windows);
    const active = known(route.active, route, intervals, notes);
    if (active.length === 0) continue;
    const outside = outsideOf(active.flatMap((name) => intervals.get(name) ?? []));
    if (outside === undefined) {
      const text =
        'active_time_intervals, for they are in several time zones or not windows of a week: it is not muted outside of them';
      notes.push({ line: route.line, kind: 'left out', text });
    } else add(`outside ${active.join(' ')}`, outside.timezone, outside.windows);
  }
  return made;
}

function known(
  names: readonly string[],
  { line }: TimedRoute,
  intervals: ReadonlyMap<string, TimeInterval>,
  notes: Notes,
): string[] {
  for (const name of names.filter((one) => !intervals.has(one)))
    notes.push({ line, kind: 'left out', text: `there is no time interval ${name}` });
  return names.filter((one) => intervals.has(one));
}

function outsideOf(intervals: readonly TimeInterval[]): { timezone: string; windows: MuteWindow[] } | undefined {
  const spans = intervals.flatMap((interval) => interval.spans);
  const [timezone, ...others] = new Set(spans.map((span) => span.timezone));
  if (timezone === undefined || others.length > 0 || intervals.some(({ partly }) => partly)) return undefined;
  return { timezone, windows: complementOf(spans.flatMap(({ windows }) => windows)) };
}
