import { Hono } from 'hono';
import type { Ports } from '../app/ports/ports.ts';
import { readNotes } from '../app/selfcheck/vitals.ts';
import { type SyntheticState, syntheticState } from '../core/selfcheck/synthetic/run.ts';
import { anonymous, type HealthReason, healthOf, type Noted } from '../core/selfcheck/vitals/vitals.ts';
import type { HttpOptions } from './options.ts';

/** On AWS anyone may call this, so the store is read at most this often. */
const keepMs = 5000;

/**
 * `GET /healthz`: Tocsin's own state: `ok`, `degraded` or `failing`. 503 only while failing: no
 * rules are judged or nothing can be stored, which a restart or another instance may fix. A rule
 * without data is no reason to take the service out of a load balancer. `reasons` lists everything
 * unhealthy. Incident counts and rule names appear only on one machine, not in public.
 */
export function healthRoute(options: HttpOptions): Hono {
  const { ports, now, access } = options;
  const app = new Hono();
  let kept: { at: number; noted: Noted } | undefined;
  app.get('/healthz', async (c) => {
    const at = now();
    const condition = options.condition?.() ?? { reasons: [], stores: true };
    if (kept === undefined || at < kept.at || at - kept.at >= keepMs) kept = { at, noted: await readNotes(ports) };
    const { tick, vitals, consistency, synthetic } = kept.noted;
    const health = healthOf(kept.noted, at);
    const { notes, starting } = health;
    const reasons = [...condition.reasons, ...health.reasons];
    const status = !condition.stores ? 'failing' : health.status === 'ok' && reasons.length > 0 ? 'degraded' : health.status;
    const shown = (list: HealthReason[]) => (access === 'public' ? anonymous(list) : list).map(shownReason);
    c.header('Cache-Control', 'no-store');
    return c.json(
      {
        status,
        at: new Date(at).toISOString(),
        rules: Object.keys(ports.config.rules).length,
        starting,
        reasons: shown(reasons),
        notes: shown(notes),
        lastTickAgeMs: tick === undefined ? null : at - tick.at,
        lastSweepAgeMs: vitals === undefined ? null : at - vitals.at,
        lastConsistencyCheckAgeMs: consistency === undefined ? null : at - consistency.at,
        pages: shownPages(vitals?.pages, at),
        oldestDeliveryAgeMs: vitals?.oldestEffect === undefined ? null : at - vitals.oldestEffect.dueSince,
        ...(ports.config.settings.syntheticIncident === undefined ? {} : { synthetic: shownSynthetic(synthetic, at) }),
        ...(condition.clockStep === undefined ? {} : { clockStep: shownStep(condition.clockStep) }),
        ...(access === 'public'
          ? {}
          : {
              ...shownInside(kept.noted, at),
              ...shownIgnored(ports),
              ...(options.otlp?.health && { otlp: options.otlp.health() }),
            }),
      },
      status === 'failing' ? 503 : 200,
    );
  });
  return app;
}

/** Shown only on one machine; each part has its own age. */
function shownInside({ tick, vitals, consistency, pages }: Noted, at: number) {
  return {
    openIncidents: vitals?.open,
    ...(vitals?.labels && { labelsOfLastDay: vitals.labels }),
    ...(pages && pages.policies.length > 0 && { pagesOfLastWeek: pages.policies }),
    ...(vitals?.watchdogs && { watchdogs: vitals.watchdogs.map((one) => shownWatchdog(one, at)) }),
    ...(tick && { tick: { rules: tick.rules, series: tick.series, tookMs: tick.tookMs, skipped: tick.skipped } }),
    ...(vitals?.oldestEffect && { oldestDelivery: { id: vitals.oldestEffect.id, kind: vitals.oldestEffect.kind } }),
    ...(consistency && {
      consistencyCheck: {
        open: consistency.open,
        repaired: consistency.repaired,
        unrepaired: consistency.unrepaired,
        stuck: consistency.stuck,
      },
    }),
  };
}

/** Since the process started. */
function shownIgnored({ inFlight: { ignoredAlerts } }: Pick<Ports, 'inFlight'>) {
  if (ignoredAlerts.size === 0) return {};
  return { ignoredAlerts: [...ignoredAlerts].map(([source, count]) => ({ source, count })) };
}

export type ShownWatchdog = { source: string; missing: boolean; seenAgeMs: number | null };

/** Null if it never came. */
const shownWatchdog = (
  { source, missing, seenAt }: { source: string; missing: boolean; seenAt?: number },
  at: number,
): ShownWatchdog => ({ source, missing, seenAgeMs: seenAt === undefined ? null : at - seenAt });

const shownStep = ({ from, to }: { from: number; to: number }) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

export type ShownPages = { waiting: number; held: number; oldestAgeMs: number | null };

/** Null before the first count. */
function shownPages(pages: NonNullable<Noted['vitals']>['pages'], at: number): ShownPages | null {
  if (pages === undefined) return null;
  const { waiting, held, oldestAt } = pages;
  return { waiting, held, oldestAgeMs: oldestAt === undefined ? null : at - oldestAt };
}

/** Times are formatted for readers. */
export type ShownReason = Omit<HealthReason, 'since'> & { since?: string };

const shownReason = ({ since, ...reason }: HealthReason): ShownReason =>
  since === undefined ? reason : { ...reason, since: new Date(since).toISOString() };

export type SyntheticShown = {
  state: SyntheticState | 'none yet';
  beganAgeMs: number | null;
  /** How long its page took after its sample; null if it has not arrived. */
  timeToPageMs: number | null;
};

function shownSynthetic(note: Noted['synthetic'], at: number): SyntheticShown {
  if (note === undefined) return { state: 'none yet', beganAgeMs: null, timeToPageMs: null };
  const { run, configured } = note;
  return {
    state: syntheticState(run, configured, at),
    beganAgeMs: at - run.startedAt,
    timeToPageMs: run.outcome?.kind === 'paged' ? run.outcome.tookMs : null,
  };
}
