import type { AuditEntry } from '../../core/access/audit-log.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { nameOfActor } from '../../core/vocabulary/actor.ts';
import type { IncidentId } from '../../core/vocabulary/ids.ts';
import type { Ports } from '../ports/ports.ts';

export const changeKinds = ['version', 'rollback', 'config', 'silence', 'override', 'baseline'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** Something that was changed, and by whom. */
export type Change = {
  /** Milliseconds since the epoch. */
  at: number;
  kind: ChangeKind;
  text: string;
  by: string;
  incident?: IncidentId;
  /** The version that began to serve. Versions of two sources may have the same name. */
  began?: { source: string; version: string };
};

/** Entries of the audit log that are read; older ones may be changes, too. */
export const mostEntries = 300;
const mostSources = 200;
const mostIncidents = 200;

/** Which entries of the audit log are changes of what is watched, served or paged. */
const kindOfEntry: Partial<Record<AuditEntry['kind'], ChangeKind>> = {
  silenced: 'silence',
  'silence ended': 'silence',
  override: 'override',
  'override ended': 'override',
  promoted: 'version',
  baseline: 'baseline',
  accepted: 'baseline',
  config: 'config',
};

/** What was changed since a time, the latest first: by people, deployments and Tocsin itself. */
export async function changesSince({ store, config }: Pick<Ports, 'store' | 'config'>, since: number): Promise<Change[]> {
  const models = Object.entries(config.sources).filter(([, { kind }]) => kind === 'predictions');
  const [entries, incidents, serving] = await Promise.all([
    store.auditLog(mostEntries),
    store.incidents({ status: 'all', limit: mostIncidents }),
    Promise.all(models.slice(0, mostSources).map(([name]) => store.serving(name))),
  ]);
  const found = [
    ...entries.flatMap(({ at, kind, text, actor, data: { source, version } }): Change[] => {
      const change = kindOfEntry[kind];
      if (change === undefined) return [];
      const isBegun = change === 'version' && typeof version === 'string' && typeof source === 'string';
      return [{ at, kind: change, text, by: nameOfActor(actor), ...(isBegun && { began: { source, version } }) }];
    }),
    ...incidents.flatMap(rollbackOf),
    // A promotion is in the audit log; that a version got its first traffic is not.
    ...serving.flatMap((state): Change[] =>
      state === undefined || state.how !== 'first traffic'
        ? []
        : [
            {
              at: state.since,
              kind: 'version',
              text: `${state.source} serves ${state.modelVersion}, seen first in its traffic`,
              by: nameOfActor(state.by),
              began: { source: state.source, version: state.modelVersion },
            },
          ],
    ),
  ];
  return found.filter(({ at }) => at >= since).sort((a, b) => b.at - a.at);
}

function rollbackOf({ id, rollback }: Incident): Change[] {
  if (rollback === undefined) return [];
  const { state, deployment, from, to, at } = rollback;
  switch (state) {
    case 'inspecting':
    case 'offered':
    case 'refused':
      return [];
    case 'running':
    case 'confirming':
      return [
        { at, kind: 'rollback', text: `${deployment} is being rolled back ${versions(from, to)}`, by: 'tocsin', incident: id },
      ];
    case 'verifying':
      return [
        {
          at,
          kind: 'rollback',
          text: `${deployment} rolled back ${versions(from, to)}, not proven yet`,
          by: 'tocsin',
          incident: id,
        },
      ];
    case 'succeeded':
      return [
        { at, kind: 'rollback', text: `${deployment} rolled back ${versions(from, to)}, proven`, by: 'tocsin', incident: id },
      ];
    case 'failed':
      return [
        { at, kind: 'rollback', text: `rollback of ${deployment} ${versions(from, to)} failed`, by: 'tocsin', incident: id },
      ];
    default:
      return state satisfies never;
  }
}

const versions = (from = 'its version', to = 'an earlier one'): string => `${from} → ${to}`;
