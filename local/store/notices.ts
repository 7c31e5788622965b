import type { Commit } from '../../app/ports/commit.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { lastResort, pageDirectly } from '../../app/selfcheck/page-directly.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { pageOf } from '../../core/response/paging/build.ts';
import type { Page } from '../../core/response/paging/page.ts';
import type { PageReason } from '../../core/response/paging/posted.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import { effectOf, type StoreTrouble } from './trouble.ts';

/** A briefly locked file pages nobody. */
const lastsMs = 30_000;
/**
 * Repeats notices about the same trouble, and about critical alerts of one group, after this long.
 */
const againMs = 900_000;

const begins: readonly PageReason[] = ['triggered', 'reopened', 'severity raised', 'ack timed out', 'flapping'];

/** Pages people directly when nothing can be stored, and about critical alerts meanwhile. */
export type StoreNotices = {
  /** A decision will be lost with the process. */
  unstored(commit: Commit, trouble: StoreTrouble): void;
  /** Call every second. */
  look(trouble: StoreTrouble | undefined): void;
  /** Resolves when all pages under way are done. */
  settled(): Promise<unknown>;
};

export function storeNotices(ports: () => Ports, now: () => number): StoreNotices {
  const toldGroups = new Map<string, number>();
  const underWay = new Set<Promise<unknown>>();
  let told: { trouble: StoreTrouble; at: number } | undefined;

  const follow = (work: Promise<unknown>): void => {
    const ended: Promise<unknown> = work.finally(() => underWay.delete(ended));
    underWay.add(ended);
  };
  const isRecent = (at: number | undefined): boolean => at !== undefined && at <= now() && now() - at < againMs;

  function tellOfIncident(incident: Incident, trouble: StoreTrouble): void {
    const { config } = ports();
    const { targets, isFallback } = lastResort(config, incident.category);
    // Without a fallback, the incident itself pages the first tier.
    if (!isFallback || isRecent(toldGroups.get(incident.groupKey))) return;
    const at = now();
    toldGroups.set(incident.groupKey, at);
    const why = `nothing could be stored, so nobody can acknowledge: ${trouble.text}`;
    const page = pageOf(incident, config, { reason: 'triggered', why, tier: 0, now: at });
    follow(pageDirectly(ports(), targets, page, `${incident.id}#unstored#${at}`));
  }

  function tellOfTrouble(trouble: StoreTrouble, isOver: boolean): void {
    const { config } = ports();
    const at = now();
    const title = isOver ? 'Tocsin can store again' : 'Tocsin cannot store anything';
    const page: Omit<Page, 'target'> = {
      incidentId: asIncidentId('store'),
      status: isOver ? 'resolved' : 'triggered',
      severity: 'critical',
      category: 'availability',
      reason: isOver ? 'resolved' : 'triggered',
      why: isOver ? 'decisions made meanwhile are stored now' : trouble.text,
      title,
      since: trouble.since,
      at,
      tier: 0,
      groupLabels: {},
      alerts: [],
      alertCount: 0,
      incidentUrl: `${config.settings.publicUrl.replace(/\/+$/, '')}/healthz`,
      held: [],
    };
    follow(pageDirectly(ports(), lastResort(config, 'availability').targets, page, `store#${trouble.since}#${at}`));
  }

  return {
    unstored({ writes, effects }, trouble) {
      for (const write of writes) {
        if (write.kind !== 'incident' || !isOwn(write.value)) continue;
        const { value } = write;
        const isNews = effects.some(
          (effect) =>
            effect.kind === 'page' &&
            effect.incidentId === value.id &&
            effect.severity === 'critical' &&
            begins.includes(effect.reason),
        );
        if (isNews) tellOfIncident(value, trouble);
      }
    },
    look(trouble) {
      if (trouble === undefined) {
        if (told !== undefined) tellOfTrouble(told.trouble, true);
        told = undefined;
        toldGroups.clear();
        return;
      }
      const lasts = effectOf(trouble) !== 'retried' || now() - trouble.since >= lastsMs;
      if (!lasts || (told?.trouble.kind === trouble.kind && isRecent(told.at))) return;
      told = { trouble, at: now() };
      tellOfTrouble(trouble, false);
    },
    settled: () => Promise.allSettled(underWay),
  };
}
