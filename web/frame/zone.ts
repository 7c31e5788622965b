import { computed, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { kept } from '../data/kept.ts';
import { type Parts, partsOf } from './wall-clock.ts';
import { type ScheduleZone, zoneChoices } from './zone-choice.ts';

/** In which zone times are shown. */
export const zone = kept('zone', ['UTC', 'own', 'schedule']);

export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The last ones, by zone: all times of a screen are beside the same day. */
const last = new Map<string, { at: number; parts: Parts }>();

function partsOfNow(at: number, timeZone: string): Parts {
  const known = last.get(timeZone);
  if (known?.at === at) return known.parts;
  const parts = partsOf(at, timeZone);
  last.set(timeZone, { at, parts });
  return parts;
}

/** That of the thing that a screen shows. */
const ofThing = signal<ScheduleZone | undefined>(undefined);
/** The schedule whose zone is offered; the frame sets it. */
export const schedule = signal<ScheduleZone | undefined>(undefined);
export const scheduleOfThing = (): ScheduleZone | undefined => ofThing.value;

/** While a screen shows a thing, its schedule's zone is offered. */
export function useScheduleOf(shown: ScheduleZone | undefined): void {
  const key = shown && `${shown.name} ${shown.timezone}`;
  useEffect(() => {
    ofThing.value = shown;
    return () => {
      ofThing.value = undefined;
    };
  }, [key]);
}

/** UTC first, then the viewer's own, then the schedule's; each once. */
export const zones = computed(() => zoneChoices(ownZone, schedule.value));
/** UTC where the zone that was chosen is not known here. */
export const zoneShown = computed(
  () => zones.value.find(({ choice }) => choice === zone.value) ?? { choice: 'UTC' as const, timeZone: 'UTC', text: 'UTC' },
);
export const zoneName = (): string => zoneShown.value.timeZone;

/** The one that a switch goes to. */
export function zoneAfter(): { choice: 'UTC' | 'own' | 'schedule'; text: string } {
  const at = zones.value.findIndex(({ choice }) => choice === zoneShown.value.choice);
  return zones.value[(at + 1) % zones.value.length] ?? { choice: 'UTC', text: 'UTC' };
}

export function switchZone(): void {
  zone.value = zoneAfter().choice;
}

const dayMs = 86_400_000;

/** `19:12` today, `20 Mar 19:12` this year, `20 Mar 2001 19:12` else; with seconds if asked. */
export function timeText(at: number, now: number, timeZone: string = zoneName(), seconds = false): string {
  // Most times on a screen: without the formatter, which is slow on a phone.
  if (timeZone === 'UTC' && Math.floor(at / dayMs) === Math.floor(now / dayMs))
    return new Date(at).toISOString().slice(11, seconds ? 19 : 16);
  const [then, today] = [partsOf(at, timeZone), partsOfNow(now, timeZone)];
  const clock = `${then['hour']}:${then['minute']}${seconds ? `:${then['second']}` : ''}`;
  if (then['year'] !== today['year']) return `${then['day']} ${then['month']} ${then['year']} ${clock}`;
  if (then['day'] !== today['day'] || then['month'] !== today['month']) return `${then['day']} ${then['month']} ${clock}`;
  return clock;
}

/** `20 Mar`. */
export function dayText(at: number, timeZone: string = zoneName()): string {
  const { day, month } = partsOf(at, timeZone);
  return `${day} ${month}`;
}

/** Two units at most: `4 h 12 min`, `2 min 41 s`, `12 s`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const units = [
    ['d', Math.floor(seconds / 86_400)],
    ['h', Math.floor(seconds / 3600) % 24],
    ['min', Math.floor(seconds / 60) % 60],
    ['s', seconds % 60],
  ] as const;
  const first = units.findIndex(([, count]) => count > 0);
  if (first === -1) return '0\u00a0s';
  return units
    .slice(first, first + 2)
    .filter(([, count]) => count > 0)
    .map(([unit, count]) => `${count}\u00a0${unit}`)
    .join(' ');
}
