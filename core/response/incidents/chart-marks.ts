import type { ChartMark } from '../../charts/chart.ts';
import { formatUtc } from '../../vocabulary/format.ts';
import type { TimelineEntry } from './timeline.ts';
import type { RollbackOutcome } from './timeline-data.ts';

/** A rollback stands where the hook says that it was done; what came of it is in the timeline. */
const isDone: Readonly<Record<RollbackOutcome, boolean>> = {
  'carried out': true,
  'carried out, unconfirmed': true,
  failed: false,
  'not serving': false,
  proven: false,
  unproven: false,
  'ended unproven': false,
  'not recovered': false,
  'watch ended': false,
};

const nameOf = (actor: string): string => actor.slice(actor.search(/[:/]/) + 1);

/**
 * What a chart of an incident marks, oldest first. A version that a rollback brought back is no
 * deploy.
 */
export function incidentMarks(
  timeline: readonly TimelineEntry[],
  deploys: readonly { at: number; text: string }[],
  { from, to }: { from: number; to: number },
): ChartMark[] {
  const marks = [...deploys.map(({ at, text }): ChartMark => ({ at, kind: 'deploy', text })), ...timeline.flatMap(markOf)];
  return marks.filter(({ at }) => at >= from && at <= to).sort((a, b) => a.at - b.at);
}

function markOf({ at, kind, actor, data }: TimelineEntry): ChartMark[] {
  if (kind === 'page') return [{ at, kind: 'page', text: `paged at ${formatUtc(at)}` }];
  if (kind === 'acknowledged') return [{ at, kind: 'acknowledged', text: `${nameOf(actor)} acknowledged` }];
  if (kind === 'resolved') return [{ at, kind: 'resolved', text: 'resolved' }];
  if (kind === 'rollback result' && data?.outcome !== undefined && isDone[data.outcome])
    return [{ at, kind: 'rollback', text: `rolled back to ${data.to ?? 'the version before'}` }];
  return [];
}
