import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { isTimeSensitive, type TimeSensitiveAt } from '../../core/alerting/alerts/external.ts';
import type { Fingerprint } from '../../core/vocabulary/ids.ts';

const minuteMs = 60_000;

export type AlertsToLookAt = {
  /** An alert's new state; undefined when deleted. */
  note(fingerprint: Fingerprint, alert: Pick<Alert, 'external' | 'muted'> | undefined): void;
  /** Fingerprints of time-sensitive alerts, unordered; undefined if each alert must be checked. */
  find(at: TimeSensitiveAt, alertOf: (fingerprint: Fingerprint) => Alert | undefined): Fingerprint[] | undefined;
};

/**
 * Finds time-sensitive alerts without checking each: external ones by the minute they end. A
 * prolonged one stays in its minute and moves when that minute comes.
 */
export function timeSensitiveAlerts(): AlertsToLookAt {
  /** Those that always count. */
  const always = new Set<Fingerprint>();
  const byMinute = new Map<number, Set<Fingerprint>>();
  const minuteOf = new Map<Fingerprint, number>();
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
