import type { ResponseConfig } from '../config.ts';
import type { Incident } from '../incidents/incident.ts';
import type { NextStepKind } from '../incidents/next-step.ts';
import type { TimelineEntry } from '../incidents/timeline.ts';
import type { PageReason } from '../paging/posted.ts';
import { forecast } from './forecast.ts';
import { isSameTarget, type PageTarget } from './page-target.ts';

export const deliveryOutcomes = ['sending', 'delivered', 'slow', 'failed', 'held'] as const;

/** What became of one page to one target. */
export type RungPage = {
  target: PageTarget;
  outcome: (typeof deliveryOutcomes)[number];
  /** When that was known; absent while it is sent. */
  at?: number;
  /** The contact method that it went by, such as `slack:C1`. */
  contact?: string;
};

/** One step of the ladder: who was paged at a time, or is going to be. */
export type Rung = { at: number; tier: number; pages: RungPage[] } & (
  | { state: 'paged'; reason: PageReason }
  | { state: 'coming'; kind: NextStepKind }
);

/** What was paged longer ago is on the timeline. */
const mostPast = 12;

/** The whole ladder: what was paged and how that went, then what is paged if nobody acts. */
export function ladderOf(incident: Incident, timeline: readonly TimelineEntry[], config: ResponseConfig, now: number): Rung[] {
  const coming =
    incident.status === 'resolved'
      ? []
      : forecast(incident, config, now)
          .filter(({ targets }) => targets.length > 0)
          .map(
            ({ at, kind, tier, targets }): Rung => ({
              ...{ state: 'coming', at, kind, tier },
              pages: targets.map((target) => ({ target, outcome: 'sending' })),
            }),
          );
  return [...pastOf(timeline).slice(-mostPast), ...coming];
}

function pastOf(timeline: readonly TimelineEntry[]): Rung[] {
  const rungs: Extract<Rung, { state: 'paged' }>[] = [];
  for (const { kind, at, data } of timeline) {
    const { target, reason } = data ?? {};
    if (target === undefined || reason === undefined) continue;
    if (kind === 'page') {
      const last = rungs.at(-1);
      const rung = last?.at === at && last.reason === reason ? last : undefined;
      if (rung === undefined)
        rungs.push({ state: 'paged', at, tier: data?.tier ?? 0, reason, pages: [{ target, outcome: 'sending' }] });
      else rung.pages.push({ target, outcome: 'sending' });
      continue;
    }
    const outcome = outcomeOf(kind, data?.failure);
    if (outcome === undefined) continue;
    const page = rungs
      .findLast((rung) => rung.reason === reason && rung.pages.some((one) => isSameTarget(one.target, target)))
      ?.pages.find((one) => isSameTarget(one.target, target));
    // Whoever was reached by one contact method was reached.
    if (page === undefined || page.outcome === 'delivered') continue;
    Object.assign(page, { outcome, at, ...(data?.contact === undefined ? {} : { contact: data.contact }) });
  }
  return rungs;
}

function outcomeOf(kind: TimelineEntry['kind'], failure: string | undefined): RungPage['outcome'] | undefined {
  if (kind === 'page delivered') return 'delivered';
  if (kind === 'page held') return 'held';
  if (kind === 'page failed') return failure === 'slow' ? 'slow' : 'failed';
  return undefined;
}
