import type { StoredKind } from '../../core/vocabulary/stored-record.ts';

/**
 * Where records of a kind are stored. `others`: columns kept beside the document, so that a row can
 * be restored by hand.
 */
export type Place = { table: string; key: readonly string[]; doc: string; others: readonly string[] };

const withVersion = (table: string, ...key: string[]): Place => ({ table, key, doc: 'doc', others: [...key, 'version'] });

export const places: Readonly<Record<StoredKind, Place>> = {
  incident: { ...withVersion('incidents', 'id'), others: ['id', 'version', 'resolved', 'opened_at', 'next_step_at'] },
  timeline: {
    table: 'timeline',
    key: ['incident_id', 'version', 'n'],
    doc: 'doc',
    others: ['incident_id', 'version', 'n', 'until'],
  },
  'audit entry': { table: 'audit_log', key: ['at', 'id'], doc: 'doc', others: ['at', 'id'] },
  alert: { ...withVersion('alerts', 'place'), others: ['fingerprint', 'version'] },
  effect: {
    table: 'effects',
    key: ['place'],
    doc: 'doc',
    others: [
      'id',
      'created_at',
      'not_before',
      'due_at',
      'attempts',
      'first_tried_at',
      'last_error',
      'done',
      'priority',
      'lane',
      'receiver',
    ],
  },
  'page slot': { table: 'page_slots', key: ['key'], doc: "''", others: ['key', 'at', 'critical_at'] },
  silence: { ...withVersion('silences', 'id'), others: ['id', 'version', 'until'] },
  override: { ...withVersion('overrides', 'id'), others: ['id', 'version', 'until'] },
  devices: withVersion('devices', 'responder'),
  heartbeat: withVersion('heartbeats', 'name'),
  deployment: withVersion('deployments', 'name'),
  serving: withVersion('serving', 'source'),
  'accepted baseline': withVersion('accepted_baselines', 'fingerprint'),
  change: { ...withVersion('changes', 'id'), others: ['id', 'version', 'at'] },
  training: withVersion('trainings', 'source', 'model_version'),
  'training part': {
    table: 'training_parts',
    key: ['source', 'model_version', 'part'],
    doc: 'doc',
    others: ['source', 'model_version', 'part'],
  },
  series: { table: 'series', key: ['id'], doc: 'doc', others: ['id', 'key', 'source', 'metric'] },
  bucket: {
    table: 'buckets',
    key: ['series_id', 'start'],
    doc: "coalesce(detail, '')",
    others: ['series_id', 'start', 'expires_at', 'count', 'n1', 'n2', 'n3', 'n4', 'n5', 'features'],
  },
  'history entry': {
    table: 'judgement_history',
    key: ['fingerprint', 'level', 'at', 'judged_at'],
    doc: 'doc',
    others: ['fingerprint', 'level', 'at', 'judged_at', 'expires_at'],
  },
  waiting: { table: 'waiting', key: ['key'], doc: 'doc', others: ['key', 'state', 'expires_at'] },
  batch: { table: 'batches', key: ['id'], doc: 'doc', others: ['id', 'version', 'expires_at'] },
  note: { table: 'meta', key: ['key'], doc: 'value', others: ['key'] },
};
