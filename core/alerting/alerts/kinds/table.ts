import type { Alert } from '../alert.ts';
import type { AlertParts } from '../alert-parts.ts';
import type { AlertKind, AlertKindOf, AlertOf } from './alert-kind.ts';
import { external } from './external.ts';
import { heartbeat } from './heartbeat.ts';
import { cut, refusals, series, source } from './of-rules.ts';
import { registry } from './registry.ts';
import { watchdog } from './watchdog.ts';

/** Every kind of alert. Whatever differs by what an alert is about goes through this table. */
const ofParts: { readonly [K in keyof AlertParts]: AlertKindOf<K> } = {
  // First, for in a storm most are of this kind.
  external,
  watchdog,
  heartbeat,
  registry,
  refusals,
  cut,
};
const alertKinds: { readonly [K in AlertKind]: AlertKindOf<K> } = { series, source, ...ofParts };
export const allAlertKinds = Object.keys(alertKinds) as readonly AlertKind[];
const parts = Object.keys(ofParts) as readonly (keyof AlertParts)[];

/** What the alert is about. */
export function alertKindOf(alert: Alert): AlertKind {
  for (const part of parts) if (alert[part] !== undefined) return part;
  return alert.aboutRule === true ? 'source' : 'series';
}

/** The alert, if it is of this kind. */
export const asKind = <K extends keyof AlertParts>(alert: Alert | undefined, kind: K): AlertOf<K> | undefined =>
  alert !== undefined && alertKindOf(alert) === kind ? (alert as AlertOf<K>) : undefined;

/** What holds for alerts of its kind. Give it no alert but this one. */
export const kindOf = (alert: Alert): AlertKindOf<AlertKind> => alertKinds[alertKindOf(alert)];
