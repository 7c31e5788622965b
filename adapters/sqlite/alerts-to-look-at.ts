import type { Alert } from '../../core/alerts/alert.ts';
import { isToLookAt, type LookedAt } from '../../core/alerts/external.ts';

const minuteMs = 60_000;

export type AlertsToLookAt = {
  /** An alert as it is from now on; undefined when it is gone. */
  note(fingerprint: string, alert: Pick<Alert, 'external' | 'muted'> | undefined): void;
  /** Fingerprints of those that are to be looked at, in no order; undefined where each has to be asked. */
  find(at: LookedAt, alertOf: (fingerprint: string) => Alert | undefined): string[] | undefined;
};

/**
 * Finds the alerts about which time alone may change something without looking at each: those of other systems by the minute in which
 * they end. One whose end was put off stays where it was, and moves on when that minute has come.
 */
export function alertsToLookAt(): AlertsToLookAt {
  /** Those that are to be looked at in any case. */
  const always = new Set<string>();
  const byMinute = new Map<number, string[]>();
  const minuteOf = new Map<string, number>();
  const sources = new Set<string>();

  const endsIn = (fingerprint: string, minute: number): void => {
    minuteOf.set(fingerprint, minute);
    const list = byMinute.get(minute);
    if (list === undefined) byMinute.set(minute, [fingerprint]);
    else list.push(fingerprint);
  };

  return {
    note(fingerprint, alert) {
      if (alert === undefined || (alert.external !== undefined && alert.muted === undefined)) always.delete(fingerprint);
      else always.add(fingerprint);
      if (alert?.external === undefined) {
        minuteOf.delete(fingerprint);
        return;
      }
      sources.add(alert.external.source);
      const minute = Math.floor(alert.external.endsAt / minuteMs);
      const known = minuteOf.get(fingerprint);
      if (known === undefined || minute < known) endsIn(fingerprint, minute);
    },
    find(at, alertOf) {
      for (const source of sources) if (!at.sources.has(source)) return undefined;
      const found = new Set(always);
      for (const [minute, list] of [...byMinute]) {
        if (minute * minuteMs > at.now) continue;
        byMinute.delete(minute);
        // One that came to this minute twice is in the list twice.
        for (const fingerprint of new Set(list)) {
          if (minuteOf.get(fingerprint) !== minute) continue;
          const alert = alertOf(fingerprint);
          if (alert?.external === undefined) minuteOf.delete(fingerprint);
          else {
            if (isToLookAt(alert, at)) found.add(fingerprint);
            endsIn(fingerprint, Math.floor(alert.external.endsAt / minuteMs));
          }
        }
      }
      return [...found];
    },
  };
}
