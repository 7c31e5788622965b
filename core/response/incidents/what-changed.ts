import { mattersTo } from '../../alerting/correlation/changed.ts';
import type { Graph } from '../../alerting/correlation/graph.ts';
import { type Change, type ChangeBrief, newestChangeFirst } from '../../telemetry/changes/change.ts';
import { changeText } from '../../telemetry/changes/change-text.ts';
import { cut } from '../../vocabulary/text.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import type { Draft } from './draft.ts';
import type { Incident } from './incident.ts';

/** A change so long before an incident began may have caused it. */
export const changesBeforeMs = 86_400_000;
/** One sender cannot fill the record of an incident. */
export const mostOnIncident = 20;
/** In one decision, so that it fits into a commit: the latest. */
const mostAtOnce = 5;
const maxText = 300;

/**
 * Why a change may matter to an incident; undefined if it does not. An incident knows its worst
 * alerts.
 */
export function mattersToIncident(graph: Graph, change: Change, { alerts }: Pick<Incident, 'alerts'>): string | undefined {
  for (const alert of alerts) {
    const why = mattersTo(graph, change, alert);
    if (why !== undefined) return why;
  }
  return undefined;
}

/**
 * Puts onto the timeline of an incident what may matter to it, each change once. Whether there was
 * any.
 */
export function tellChanges(draft: Draft, graph: Graph, changes: readonly Change[]): boolean {
  const { incident } = draft;
  const known = incident.whatChanged ?? [];
  const room = Math.min(mostAtOnce, mostOnIncident - known.length);
  const told = changes
    .filter(({ id }) => known.every((brief) => brief.id !== id))
    .toSorted(newestChangeFirst)
    .flatMap((change) => {
      const why = mattersToIncident(graph, change, incident);
      return why === undefined ? [] : [{ change, why }];
    })
    .slice(0, Math.max(0, room))
    .reverse();
  if (told.length === 0) return false;
  for (const { change, why } of told) {
    const { id, kind, from, to, link, by, sender } = change;
    const data = {
      change: id,
      changeKind: kind,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(link === undefined ? {} : { link }),
    };
    // The actor is who sent it, whoever it says it was.
    draft.note('changed', `${changeText(change)}, by ${by}, ${whenText(change, incident)}: ${why}`, { actor: sender, data });
  }
  incident.whatChanged = [...known, ...told.map(({ change }) => briefOf(change))].sort(newestChangeFirst);
  return true;
}

/** Of a new incident: the latest changes before it began, and those since. */
export function tellChangesBefore(draft: Draft, graph: Graph, changes: readonly Change[]): void {
  const { since } = draft.incident;
  const near = changes.filter(({ at }) => at > since - changesBeforeMs && at <= draft.now);
  if (near.length > 0) tellChanges(draft, graph, near);
}

const briefOf = (change: Change): ChangeBrief => {
  const { id, at, kind } = change;
  return { id, at, kind, text: cut(changeText(change), maxText) };
};

/** `12m before it began` */
export function whenText({ at }: Pick<Change, 'at'>, { since }: Pick<Incident, 'since'>): string {
  const ms = Math.round(Math.abs(since - at) / 60_000) * 60_000;
  if (ms === 0) return 'as it began';
  return `${formatDuration(ms)} ${at <= since ? 'before' : 'after'} it began`;
}
