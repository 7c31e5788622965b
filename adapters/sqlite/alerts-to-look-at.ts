import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { isTimeSensitive, type TimeSensitiveAt } from '../../core/alerting/alerts/external.ts';
import type { Fingerprint } from '../../core/vocabulary/ids.ts';

const minuteMs = 60_000;

export type AlertsToLookAt = {
  /** An alert as it is from now on; undefined when it is gone. */
  note(fingerprint: Fingerprint, alert: Pick<Alert, 'external' | 'muted'> | undefined): void;
  /** Fingerprints of those that are to be looked at, in no order; undefined where each has to be asked. */
  find(at: TimeSensitiveAt, alertOf: (fingerprint: Fingerprint) => Alert | undefined): string[] | undefined;
};

/**
 * Finds the alerts about which time alone may change something without looking at each: those of other systems by the minute in which
 * they end. One whose end was put off stays where it was, and moves on when that minute has come.
 */
export function timeSensitiveAlerts(): AlertsToLookAt {
  /** Those that are to be looked at in any case. */
  const always = new Set<string>();
  const byMinute = new Map<number, Set<string>>();
  const minuteOf = new Map<string, number>();
  const sources = new Set<string>();

  const drop = (fingerprint: Fingerprint): void => {
    const minute = minuteOf.get(fingerprint);
    if (minute === undefined) return;
    minuteOf.delete(fingerprint);
    const others = byMinute.get(minute);
    others?.delete(fingerprint);
    if (others?.size === 0) byMinute.delete(minute);
  };
  const endsIn = (fingerprint: Fingerprint, minute: number): void => {
    drop(fingerprint);
    minuteOf.set(fingerprint, minute);
    const others = byMinute.get(minute);
    if (others === undefined) byMinute.set(minute, new Set([fingerprint]));
    else others.add(fingerprint);
  };

  return {
    note(fingerprint, alert) {
      if (alert === undefined || (alert.external !== undefined && alert.muted === undefined)) always.delete(fingerprint);
      else always.add(fingerprint);
      if (alert?.external === undefined) {
        drop(fingerprint);
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
      for (const [minute, fingerprints] of [...byMinute]) {
        if (minute * minuteMs > at.now) continue;
        for (const fingerprint of [...fingerprints]) {
          const alert = alertOf(fingerprint);
          if (alert?.external === undefined) drop(fingerprint);
          else {
            if (isTimeSensitive(alert, at)) found.add(fingerprint);
            endsIn(fingerprint, Math.floor(alert.external.endsAt / minuteMs));
          }
        }
      }
      return [...found];
    },
  };
}
