import { useEffect, useRef } from 'preact/hooks';
import { minute, nowFor } from '../data/clock.ts';
import { freshness } from '../data/live.ts';
import { say } from '../frame/announce.tsx';
import { durationText, timeText, zoneName } from '../frame/zone.ts';

/** A moment, in the viewer's zone; the exact one on hover and for programs. */
export function Time({ at, seconds = false }: { at: string | number; seconds?: boolean }) {
  const ms = typeof at === 'number' ? at : Date.parse(at);
  const exact = new Date(ms).toISOString();
  return (
    <time dateTime={exact} title={exact}>
      {timeText(ms, minute.value, zoneName(), seconds)}
    </time>
  );
}

/** How long ago, or how long something lasted. */
export function Age({ since, until }: { since: string | number; until?: string | number }) {
  const start = typeof since === 'number' ? since : Date.parse(since);
  const end = until === undefined ? nowFor(start) : Date.parse(String(until));
  return <>{durationText(end - start)}</>;
}

const announcedAt = [5, 1, 0];

/**
 * Counts down to a moment. While the server is not heard it shows the moment itself, for the count
 * may be wrong. At 5, 1 and 0 minutes `told` is announced once, such as `Farid is paged`.
 */
export function Countdown({ to, told }: { to: string; told: string }) {
  const at = Date.parse(to);
  const left = at - nowFor(at);
  const minutes = Math.ceil(left / 60_000);
  const last = useRef(minutes);
  useEffect(() => {
    const passed = announcedAt.find((one) => last.current > one && minutes <= one);
    if (passed !== undefined) say(passed === 0 ? `${told} now` : `${told} in ${passed} min`);
    last.current = minutes;
  }, [minutes, told]);
  return (
    <span role="timer" aria-live="off">
      {freshness.value === 'stale' ? `at ${timeText(at, minute.value)}` : left <= 0 ? 'now' : durationText(left)}
    </span>
  );
}
