import { storedAuditEntry } from '../../access/stored-audit-entry.ts';
import { storedAlert } from '../../alerting/alerts/stored-alert.ts';
import { storedHeartbeat } from '../../alerting/heartbeats/stored-heartbeat.ts';
import { storedEntry as storedHistoryEntry } from '../../alerting/judgements/history/stored-entry.ts';
import { storedSilence } from '../../alerting/silences/stored-silence.ts';
import { storedAccepted } from '../../detection/kinds/drift/stored-accepted.ts';
import { storedDeployment } from '../../remediation/deployments/stored-deployment.ts';
import { storedDevices } from '../../response/devices/stored-devices.ts';
import { storedIncident } from '../../response/incidents/stored-incident.ts';
import { storedEntries } from '../../response/incidents/stored-timeline.ts';
import { storedOverride } from '../../response/oncall/stored-override.ts';
import { storedEffect } from '../../response/outbox/stored-effect.ts';
import { storedChange } from '../../telemetry/changes/stored-change.ts';
import { storedMark } from '../../telemetry/samples/stored-mark.ts';
import { storedSeries } from '../../telemetry/samples/stored-series.ts';
import { storedWaiting } from '../../telemetry/samples/stored-waiting.ts';
import { storedServing } from '../../telemetry/training/stored-serving.ts';
import { storedTraining, storedTrainingPart } from '../../telemetry/training/stored-training.ts';
import { decodeAs, type StoredKind, type StoredRecord } from '../../vocabulary/stored-record.ts';

/** `unchecked`: only its reader can tell; what it cannot read is set aside again. */
const records: Readonly<Record<StoredKind, Pick<StoredRecord<object>, 'decode' | 'kind'> | 'unchecked'>> = {
  incident: storedIncident,
  timeline: storedEntries,
  'audit entry': storedAuditEntry,
  alert: storedAlert,
  effect: storedEffect,
  'page slot': 'unchecked',
  silence: storedSilence,
  override: storedOverride,
  devices: storedDevices,
  heartbeat: storedHeartbeat,
  deployment: storedDeployment,
  serving: storedServing,
  training: storedTraining,
  'training part': storedTrainingPart,
  change: storedChange,
  'accepted baseline': storedAccepted,
  series: storedSeries,
  bucket: 'unchecked',
  'history entry': storedHistoryEntry,
  waiting: storedWaiting,
  batch: storedMark,
  note: 'unchecked',
};

/**
 * Why the document of a quarantined record still cannot be read, by the decoders of today;
 * undefined if it can. `version`: the one that is stored beside it, which it must state.
 */
export function unreadable(kind: StoredKind, doc: string, version: unknown): string | undefined {
  const record = records[kind];
  if (record === 'unchecked') return undefined;
  const expected = typeof version === 'number' && statesVersion.has(kind) ? { version } : {};
  const decoded = decodeAs(record, doc, expected as Partial<Record<never, number>>);
  return decoded.ok ? undefined : decoded.reason.text;
}

/** Kinds whose document holds its own version. */
const statesVersion: ReadonlySet<StoredKind> = new Set([
  'incident',
  'alert',
  'silence',
  'override',
  'devices',
  'heartbeat',
  'deployment',
  'serving',
  'training',
  'accepted baseline',
  'change',
]);
