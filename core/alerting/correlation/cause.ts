import type { Fingerprint } from '../../vocabulary/ids.ts';
/** A possible cause of an incident: one of its alerts, where it is, and the evidence. */
export type Cause = { fingerprint: Fingerprint; title: string; where?: string; reasons: string[] };

/** `orders are late (data orders): it began first; 3 alerts lie downstream of it` */
export function causeText({ title, where, reasons }: Omit<Cause, 'fingerprint'>): string {
  const place = where === undefined ? '' : ` (${where})`;
  return `${title}${place}${reasons.length === 0 ? '' : `: ${reasons.join('; ')}`}`;
}
