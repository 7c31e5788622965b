import type { ServingState } from '../../telemetry/training/serving.ts';
import type { IncidentId } from '../../vocabulary/ids.ts';
import type { AlertSeverity } from '../../vocabulary/schema-parts.ts';
import type { Incident, RollbackStep } from '../incidents/incident.ts';

/** An incident that a version may have to do with. */
export type IncidentSince = { id: IncidentId; title: string; worst: AlertSeverity; openedAt: number };

/**
 * A version that served a model in [from, until). `how` and `by` are known of the latest alone.
 * `incidents`: those about the model that opened meanwhile; undefined where they are not all known.
 */
export type ServedVersion = {
  source: string;
  model: string;
  version: string;
  from: number;
  until?: number;
  how?: ServingState['how'];
  by?: string;
  incidents?: IncidentSince[];
};

/** A rollback that was carried out, tried, offered or refused, and what came of it. */
export type RollbackSeen = Pick<RollbackStep, 'deployment' | 'state' | 'from' | 'to' | 'reason' | 'at' | 'unproven'> & {
  incident: IncidentId;
  title: string;
  /** Who asked for it last; absent where nobody did, or where it was not looked up. */
  by?: string;
};

/** Incidents as far back as `since`; before that they are not known. */
export type KnownIncidents = { incidents: readonly Incident[]; since: number };

/** What served a model, newest first. */
export function servedVersions(
  { source, model, serving }: { source: string; model: string; serving: ServingState },
  known: KnownIncidents,
): ServedVersion[] {
  const { modelVersion, since, how, by, before } = serving;
  const all: ServedVersion[] = [
    { source, model, version: modelVersion, from: since, how, by },
    ...before.map((one) => ({ source, model, version: one.modelVersion, from: one.since, until: one.until })),
  ];
  return all.map((one) => (one.from < known.since ? one : { ...one, incidents: incidentsIn(one, known.incidents) }));
}

function incidentsIn(
  { model, from, until = Number.POSITIVE_INFINITY }: ServedVersion,
  all: readonly Incident[],
): IncidentSince[] {
  return all
    .filter(
      ({ openedAt, alerts }) => openedAt >= from && openedAt < until && alerts.some(({ labels }) => labels['model'] === model),
    )
    .map(({ id, title, worst, openedAt }) => ({ id, title, worst, openedAt }));
}

/** The rollbacks of these incidents, the latest first. */
export const rollbacksSeen = (incidents: readonly Incident[]): RollbackSeen[] =>
  incidents
    .flatMap(({ id, title, rollback }) => {
      if (rollback === undefined) return [];
      const { deployment, state, from, to, reason, at, unproven } = rollback;
      const ways = {
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        ...(unproven !== undefined && { unproven }),
      };
      return [{ incident: id, title, deployment, state, reason, at, ...ways }];
    })
    .toSorted((a, b) => b.at - a.at);
