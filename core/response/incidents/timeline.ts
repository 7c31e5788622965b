import type { IncidentId } from '../../vocabulary/ids.ts';
import type { AlertSeverity } from '../../vocabulary/schema-parts.ts';
import type { TimelineData } from './timeline-data.ts';

export const timelineKinds = [
  'opened',
  'reopened',
  'alert fired',
  'alert resolved',
  'joined',
  'related',
  'retitled',
  'severity raised',
  'severity lowered',
  'muted',
  'unmuted',
  'page',
  'page delivered',
  'page failed',
  'page held',
  'told',
  'escalated',
  'acknowledged',
  'ack timed out',
  'resolve pending',
  'resolved',
  'rollback',
  'rollback refused',
  'rollback result',
  'refused',
  'flapping',
  'steady',
  'confirmed',
  'revised',
  'unconfirmed',
  'consistency check',
  'promoted',
  'accepted',
  'noted',
  'changed',
] as const;
export type TimelineKind = (typeof timelineKinds)[number];

/** One decision or delivery, with its reason. Append only. */
export type TimelineEntry = {
  incidentId: IncidentId;
  /** The incident version of the entry, and its index within that version. */
  version: number;
  n: number;
  at: number;
  kind: TimelineKind;
  /** The severity of the incident at that time. */
  severity: AlertSeverity;
  /** For people. Programs read `kind` and `data`. */
  text: string;
  /** Who: `tocsin`, `responder/ana`, `slack:U123`. */
  actor: string;
  data?: TimelineData;
};
