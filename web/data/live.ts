import { computed, signal } from '@preact/signals';
import type { EventDto } from '../../http/api/dto/event.ts';
import { now, serverSays } from './clock.ts';
import { followStream } from './stream.ts';

/** What changed on the server. `ids`: only these of its kind; absent: any may have. */
export type Change = { kind: 'incident' | 'rule' | ListKind; ids?: readonly string[] };

type ListKind = Exclude<EventDto['kind'], 'reset' | 'alive' | 'incident' | 'incidents' | 'rules'>;

type Listener = (change: Change | 'everything') => void;

const listeners = new Set<Listener>();
/** When the server was last heard, by its clock. */
export const heardAt = signal<number | undefined>(undefined);
/** When a rule was last judged, as far as the server told. */
export const judgedAt = signal<number | undefined>(undefined);

const lateAfterMs = 30_000;
const staleAfterMs = 120_000;
const pollMs = 10_000;

/** By this device's own clock: the server's may stand still or jump. */
const heardHere = signal(Date.now());
const isBroken = signal(false);

export type Freshness = 'live' | 'reconnecting' | 'stale';
export const freshness = computed<Freshness>(() => {
  now.value; // Looks again every second.
  const silentFor = Date.now() - heardHere.value;
  if (silentFor > staleAfterMs) return 'stale';
  return isBroken.value || silentFor > lateAfterMs ? 'reconnecting' : 'live';
});

/** The server answered, or said that it is there; `at`: its time, if it said it. */
export function heard(at?: number): void {
  heardHere.value = Date.now();
  isBroken.value = false;
  if (at !== undefined) serverSays(at);
  heardAt.value = at ?? now.value;
}

/** A request found no server. */
export function unheard(): void {
  isBroken.value = true;
}

/** Calls back at each change, until the function returned is called. */
export function onChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const tell = (change: Change | 'everything'): void => {
  for (const listener of listeners) listener(change);
};

/**
 * Follows the server: by its event stream, or, where there is none, by asking every ten seconds.
 * docs/events.md says what each event asks for.
 */
export function follow(): void {
  let polling: ReturnType<typeof setInterval> | undefined;
  followStream({
    event(event) {
      clearInterval(polling);
      polling = undefined;
      take(event);
    },
    broken: unheard,
    absent() {
      polling ??= setInterval(() => tell('everything'), pollMs);
    },
  });
}

function take(event: EventDto): void {
  if (event.kind === 'alive') {
    if (event.judgedAt !== undefined) judgedAt.value = Date.parse(event.judgedAt);
    heard(Date.parse(event.at));
    return;
  }
  if (event.kind === 'rules') judgedAt.value = Date.parse(event.at);
  tell(changeOf(event));
}

function changeOf(event: Exclude<EventDto, { kind: 'alive' }>): Change | 'everything' {
  switch (event.kind) {
    case 'reset':
      return 'everything';
    case 'incident':
      return { kind: 'incident', ids: [event.id] };
    case 'incidents':
      return { kind: 'incident' };
    case 'rules':
      return { kind: 'rule', ...(event.rules === undefined ? {} : { ids: event.rules }) };
    default:
      return { kind: event.kind };
  }
}

/** Whether a change is about this one of its kind, or may be. */
export const isAbout = ({ kind, ids }: Change, of: Change['kind'], id: string): boolean =>
  kind === of && (ids === undefined || ids.includes(id));

// A page that was put away has missed what it was not told.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') tell('everything');
});
window.addEventListener('online', () => tell('everything'));
window.addEventListener('offline', unheard);
