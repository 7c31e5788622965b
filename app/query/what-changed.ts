import type { AuditEntry } from '../../core/access/audit-log.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { type Change, changeKinds } from '../../core/telemetry/changes/change.ts';
import { changeText } from '../../core/telemetry/changes/change-text.ts';
import { nameOfActor } from '../../core/vocabulary/actor.ts';
import { asChangeId, type IncidentId } from '../../core/vocabulary/ids.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * Changes that others tell of, and what Tocsin itself sees or does: a version that began to serve,
 * what people do here.
 */
export const whatChangedKinds = [...changeKinds, 'version', 'silence', 'override', 'baseline'] as const;
export type WhatChangedKind = (typeof whatChangedKinds)[number];

/** Something that was changed, and by whom, in one line. */
export type ChangeSummary = {
  /** Milliseconds since the epoch. */
  at: number;
  kind: WhatChangedKind;
  text: string;
  by: string;
  incident?: IncidentId;
  /** What others told of. */
  told?: Change;
  /** The version that began to serve. Versions of two sources may have the same name. */
  began?: { source: string; version: string };
};

/** Entries of the audit log that are read; older ones may be changes, too. */
export const mostEntries = 300;
const mostSources = 200;
const mostIncidents = 200;
/** Changes that others tell of which are read; older ones of a busy day are in their own list. */
export const mostTold = 500;

/** Which entries of the audit log are changes of what is watched, served or paged. */
const kindOfEntry: Partial<Record<AuditEntry['kind'], WhatChangedKind>> = {
  silenced: 'silence',
  'silence ended': 'silence',
  override: 'override',
  'override ended': 'override',
  promoted: 'version',
  baseline: 'baseline',
  accepted: 'baseline',
  config: 'config',
};

/** What was changed in a time, the latest first: by people, deployments and Tocsin itself. */
export async function changesIn(
  { store, config }: Pick<Ports, 'store' | 'config'>,
  { from, to }: { from: number; to: number },
): Promise<ChangeSummary[]> {
  const models = Object.entries(config.sources).filter(([, { kind }]) => kind === 'predictions');
  const [entries, incidents, told, serving] = await Promise.all([
    store.auditLog(mostEntries),
    store.incidents({ status: 'all', limit: mostIncidents }),
    toldIn(store, { from, to }),
    Promise.all(models.slice(0, mostSources).map(([name]) => store.serving(name))),
  ]);
  const found = [
    ...entries.flatMap(({ at, kind, text, actor, data: { source, version } }): ChangeSummary[] => {
      const change = kindOfEntry[kind];
      if (change === undefined) return [];
      const isBegun = change === 'version' && typeof version === 'string' && typeof source === 'string';
      return [{ at, kind: change, text, by: nameOfActor(actor), ...(isBegun && { began: { source, version } }) }];
    }),
    ...told.map(summaryOf),
    ...incidents.flatMap(rollbackOf),
    // A promotion is in the audit log; that a version got its first traffic is not.
    ...serving.flatMap((state): ChangeSummary[] =>
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
  return found.filter(({ at }) => at >= from && at <= to).sort((a, b) => b.at - a.at);
}

/** Changes that others told of, of a time; the newest first. */
export const toldIn = (store: Pick<Ports['store'], 'changes'>, { from, to }: { from: number; to: number }): Promise<Change[]> =>
  store.changes({ since: from, before: { at: to + 1, id: asChangeId('') }, limit: mostTold });

const summaryOf = (told: Change): ChangeSummary => ({
  at: told.at,
  kind: told.kind,
  text: changeText(told),
  by: nameOfActor(told.by),
  told,
});

function rollbackOf({ id, rollback }: Incident): ChangeSummary[] {
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
