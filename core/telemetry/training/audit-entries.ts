import { type AuditEntry, auditEntry } from '../../access/audit-log.ts';
import { counted } from '../../vocabulary/counted.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import type { ServingState } from './serving.ts';
import type { TrainingRecord } from './training.ts';

export function promotionText({ source, modelVersion, how, before }: ServingState, hasProfile: boolean): string {
  const [last] = before;
  const after = last === undefined ? '' : ` after version ${last.modelVersion}`;
  const without = hasProfile
    ? ''
    : '; it has no training profile, so rules with a training baseline cannot judge until one is sent';
  return `${source}: version ${modelVersion} ${why[how]}${after}${without}`;
}

const why = {
  promoted: 'was promoted',
  'first traffic': 'is served since its first records',
  'rolled back': 'is served again after a rollback',
} as const;

export function promotionEntry(serving: ServingState, hasProfile: boolean): AuditEntry {
  const { source, modelVersion: version, since: at, by: actor, before } = serving;
  const change = JSON.stringify([source, serving.version]);
  const data = { source, version, before: before[0]?.modelVersion };
  return auditEntry({ at, kind: 'promoted', text: promotionText(serving, hasProfile), actor, data }, change);
}

export function trainingEntry(record: TrainingRecord): AuditEntry {
  const { source, modelVersion: version, dataset, rows, features, metrics, pushedAt: at, by: actor } = record;
  const change = JSON.stringify([source, version, record.version]);
  const what = `dataset ${dataset}, ${counted(rows, 'row')}, ${counted(Object.keys(features).length, 'feature')}, ${counted(Object.keys(metrics).length, 'metric')}`;
  const text = `${source}: training profile of version ${version} ${record.version === 1 ? 'stored' : 'replaced'}: ${what}`;
  return auditEntry({ at, kind: 'baseline', text, actor, data: { source, version, dataset } }, change);
}

export function retiredEntry(record: TrainingRecord, at: number, retain: number): AuditEntry {
  const { source, modelVersion: version, dataset } = record;
  const change = JSON.stringify([source, version, record.version, 'dropped']);
  const text = `${source}: training profile of version ${version} dropped: not served, and no records of it for ${formatDuration(retain)}`;
  return auditEntry({ at, kind: 'baseline', text, actor: 'tocsin', data: { source, version, dataset } }, change);
}
