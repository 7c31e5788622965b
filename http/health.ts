import { Hono } from 'hono';
import { readNotes } from '../app/selfcheck/vitals.ts';
import { type SyntheticState, syntheticState } from '../core/selfcheck/synthetic/run.ts';
import { anonymous, type HealthReason, healthOf, type Noted } from '../core/selfcheck/vitals/vitals.ts';
import type { HttpOptions } from './options.ts';

/** Anyone may ask on AWS, so the store is asked this often at most. */
const keepMs = 5000;

/**
 * `GET /healthz`: how Tocsin itself is: `ok`, `degraded` or `failing`. 503 only while it is failing: rules are not judged
 * at all, or nothing can be stored, which a restart or another instance may mend. A rule without data is not mended by
 * taking the service out of a balancer. `reasons` says everything that is not well. What incidents there are, and the
 * names of rules, are told on one machine alone.
 */
export function healthRoute(options: HttpOptions): Hono {
  const { ports, now, access } = options;
  const app = new Hono();
  let kept: { at: number; noted: Noted } | undefined;
  app.get('/healthz', async (c) => {
    const at = now();
    const condition = options.condition?.() ?? { reasons: [], stores: true };
    if (kept === undefined || at < kept.at || at - kept.at >= keepMs) kept = { at, noted: await readNotes(ports) };
    const { tick, vitals, audit, synthetic } = kept.noted;
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
        lastConsistencyCheckAgeMs: audit === undefined ? null : at - audit.at,
        pages: shownPages(vitals?.pages, at),
        oldestDeliveryAgeMs: vitals?.oldestEffect === undefined ? null : at - vitals.oldestEffect.dueSince,
        ...(ports.config.settings.syntheticIncident === undefined ? {} : { synthetic: shownSynthetic(synthetic, at) }),
        ...(condition.clockStep === undefined ? {} : { clockStep: shownStep(condition.clockStep) }),
        ...(access === 'public' ? {} : shownInside(kept.noted)),
      },
      status === 'failing' ? 503 : 200,
    );
  });
  return app;
}

/** What is told on one machine alone; how old each is says an age of its own. */
function shownInside({ tick, vitals, audit }: Noted) {
  return {
    openIncidents: vitals?.open,
    ...(tick && { tick: { rules: tick.rules, series: tick.series, tookMs: tick.tookMs, skipped: tick.skipped } }),
    ...(vitals?.oldestEffect && { oldestDelivery: { id: vitals.oldestEffect.id, kind: vitals.oldestEffect.kind } }),
    ...(audit && {
      consistencyCheck: { open: audit.open, repaired: audit.repaired, unrepaired: audit.unrepaired, stuck: audit.stuck },
    }),
  };
}

const shownStep = ({ from, to }: { from: number; to: number }) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

export type ShownPages = { waiting: number; held: number; oldestAgeMs: number | null };

/** Null before anybody has counted. */
function shownPages(pages: NonNullable<Noted['vitals']>['pages'], at: number): ShownPages | null {
  if (pages === undefined) return null;
  const { waiting, held, oldestAt } = pages;
  return { waiting, held, oldestAgeMs: oldestAt === undefined ? null : at - oldestAt };
}

/** Times are written out, for whoever reads the answer. */
export type ShownReason = Omit<HealthReason, 'since'> & { since?: string };

const shownReason = ({ since, ...reason }: HealthReason): ShownReason =>
  since === undefined ? reason : { ...reason, since: new Date(since).toISOString() };

export type SyntheticShown = {
  state: SyntheticState | 'none yet';
  beganAgeMs: number | null;
  /** How long after its sample its page arrived; null while it has not. */
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
