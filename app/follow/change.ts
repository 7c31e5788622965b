import type { Commit, Write } from '../ports/commit.ts';

/** What has changed, without the data: whoever follows asks for it again. A closed set. */
export type Change =
  | { kind: 'incident'; id: string; version: number }
  /** More incidents than are named. */
  | { kind: 'incidents' }
  /** A rule was evaluated, at this time. */
  | { kind: 'rule'; id: string; at: number }
  /** More rules than are named. */
  | { kind: 'rules'; at: number }
  | { kind: ListKind };

/** What is read as a whole. */
export const listKinds = [
  'alerts',
  'silences',
  'overrides',
  'baselines',
  'deployments',
  'devices',
  'changes',
  'heartbeats',
  'audit log',
  'config',
] as const;
export type ListKind = (typeof listKinds)[number];
export const isListKind = (kind: Change['kind']): kind is ListKind => listKinds.some((one) => one === kind);

/** Two changes with the same key are one: the later says everything. */
export const keyOf = (change: Change): string => ('id' in change ? `${change.kind} ${change.id}` : change.kind);

/** What a commit changes for those who look. */
export function changesIn({ writes, timeline, audit = [] }: Commit): Change[] {
  const changes = writes.flatMap((write) => changeIn(write) ?? []);
  for (const { incidentId: id, version } of timeline) changes.push({ kind: 'incident', id, version });
  if (audit.length > 0) changes.push({ kind: 'audit log' });
  if (audit.some(({ kind }) => kind === 'config')) changes.push({ kind: 'config' });
  return changes;
}

function changeIn(write: Write): Change | undefined {
  switch (write.kind) {
    case 'incident':
      return { kind: 'incident', id: write.value.id, version: write.value.version };
    case 'latest':
      return undefined;
    case 'alert':
      return write.repeat === true ? undefined : { kind: 'alerts' };
    case 'alert gone':
      return { kind: 'alerts' };
    case 'deployment':
      return { kind: 'deployments' };
    case 'silence':
      return { kind: 'silences' };
    case 'override':
      return { kind: 'overrides' };
    case 'devices':
      return { kind: 'devices' };
    case 'change':
      return { kind: 'changes' };
    case 'heartbeat':
      return { kind: 'heartbeats' };
    case 'serving':
    case 'accepted baseline':
    case 'training':
    case 'training gone':
      return { kind: 'baselines' };
  }
}
