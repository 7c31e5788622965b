import { digest } from '../../vocabulary/fingerprint.ts';

/** PagerDuty takes 255 characters. */
const maxKey = 255;

/**
 * Under what PagerDuty knows an incident: its address, which no other Tocsin has, and by which one
 * that hears of its own incident knows it.
 */
export const pagerdutyKey = (incidentUrl: string): string =>
  incidentUrl.length <= maxKey ? incidentUrl : `${incidentUrl.slice(0, maxKey - 33)}#${digest(incidentUrl, 32)}`;

/** Whether an event of PagerDuty's is about an incident of the Tocsin at `publicUrl`. */
export const isOwnPagerdutyKey = (dedupKey: string, publicUrl: string): boolean =>
  dedupKey.startsWith(`${publicUrl.replace(/\/+$/, '')}/incidents/`);
