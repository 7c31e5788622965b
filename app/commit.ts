import type { Alert } from '../core/alerting/alerts/alert.ts';
import { kindOf } from '../core/alerting/alerts/kinds/table.ts';
import type { Decision } from '../core/response/incidents/draft.ts';
import type { Incident } from '../core/response/incidents/incident.ts';
import type { Effect } from '../core/response/outbox/effect.ts';
import { releaseDeployment } from '../core/response/rollback/watch.ts';
import type { EffectId, IncidentId } from '../core/vocabulary/ids.ts';
import { isOwn } from '../core/vocabulary/tenant.ts';
import { inSpan } from './in-span.ts';
import type { Commit, Write } from './ports/commit.ts';
import type { Ports } from './ports/ports.ts';
import type { Span } from './ports/tracer.ts';
import { withMutex } from './with-mutex.ts';

/** How often a decision that lost a race is retried before the caller is told. */
const maxConflicts = 20;
/**
 * After this many lost races, retries run one at a time: of two hundred racers only one wins per
 * round.
 */
const raceConflicts = 3;

/** A commit is about one group, and so about one incident. */
const isOfTenant = (writes: readonly Write[]): boolean =>
  writes.some((write) => write.kind === 'incident' && !isOwn(write.value));

export class ConflictError extends Error {
  override name = 'ConflictError';
}

/** The write that stores an alert, or deletes one with nothing left to remember. */
export function alertWrite(alert: Alert, expected: number): Write | undefined {
  if (
    alert.state === 'resolved' &&
    alert.excluded.length === 0 &&
    alert.pinned !== true &&
    alert.awaitsValues !== true &&
    !kindOf(alert).isRemembered(alert)
  ) {
    return expected === 0 ? undefined : { kind: 'alert gone', fingerprint: alert.fingerprint, expected };
  }
  return { kind: 'alert', value: { ...alert, version: expected + 1 }, expected };
}

/** A decision's changes as one commit, with whatever must be atomic with it. */
export async function commitOf(
  ports: Pick<Ports, 'store'>,
  decision: Decision & { previous?: IncidentId; others?: Decision[] },
  more: { writes?: Write[]; done?: EffectId[] } = {},
): Promise<Commit> {
  const { incident, others = [], landed } = decision;
  let { deployment } = decision;
  if (deployment === undefined && landed !== undefined)
    deployment = releaseDeployment(await ports.store.deployment(landed.deployment), landed);
  return {
    writes: [
      {
        kind: 'incident',
        value: incident,
        expected: decision.expected,
        ...(decision.previous === undefined ? {} : { previous: decision.previous }),
      },
      ...(deployment === undefined ? [] : [{ kind: 'deployment', ...deployment } as const]),
      ...others.map((other): Write => ({ kind: 'incident', value: other.incident, expected: other.expected })),
      ...(more.writes ?? []),
    ],
    timeline: [decision, ...others].flatMap(({ timeline }) => timeline),
    effects: [decision, ...others].flatMap(({ effects }) => effects),
    done: more.done ?? [],
  };
}

/**
 * Loads, decides and commits, and retries if another was faster. `attempt` gets fresh state each
 * time, and returns undefined if there is nothing to commit. Throws ConflictError after 20 lost
 * races.
 */
export async function commitOrRetry<T>(
  ports: Ports,
  attempt: () => Promise<{ commit: Commit; result: T } | undefined>,
): Promise<T | undefined> {
  return inSpan(ports, 'decide', {}, async (span) => {
    const race = async (from: number, to: number): Promise<{ result: T | undefined } | undefined> => {
      for (let lost = from; lost < to; lost++) {
        const decided = await attempt();
        if (decided === undefined) return { result: undefined };
        const commit = traced(decided.commit, span);
        if ((await ports.store.commit(commit)) === 'committed') {
          span?.set({ ...incidentOf(commit), 'tocsin.effects': commit.effects.length, 'tocsin.conflicts': lost });
          show(ports, commit);
          return { result: decided.result };
        }
      }
      return undefined;
    };
    const ended =
      (await race(0, raceConflicts)) ??
      (await withMutex(ports.inFlight.turns, 'decisions', () => race(raceConflicts, maxConflicts)));
    if (ended !== undefined) return ended.result;
    throw new ConflictError(
      `a decision lost ${maxConflicts} races in a row; the store is under unusual contention, and the next tick will decide again`,
    );
  });
}

/** The commit stands. A failing observer must not make it look failed, or it would be repeated. */
function show({ observe, observeAudit, log }: Ports, { timeline, audit, effects, writes }: Commit): void {
  try {
    observe(timeline, effects, isOfTenant(writes));
    if (audit !== undefined) observeAudit?.(audit);
  } catch (error) {
    log('error', 'a decision could not be published', { incident: timeline[0]?.incidentId, error: String(error) });
  }
}

/** Effects carry the span that decided them: they are delivered elsewhere, perhaps much later. */
const traced = (commit: Commit, span: Span | undefined): Commit =>
  span === undefined ? commit : { ...commit, effects: commit.effects.map((effect) => ({ ...effect, trace: span.traceparent })) };

function incidentOf({ writes }: Commit): { 'tocsin.incident.id'?: string } {
  const write = writes.find(({ kind }) => kind === 'incident');
  return write?.kind === 'incident' ? { 'tocsin.incident.id': write.value.id } : {};
}

/**
 * Decides about an existing incident. Undefined if it does not exist, or if the decision was to do
 * nothing.
 */
export function decideIncident(
  ports: Ports,
  id: IncidentId,
  decide: (incident: Incident) => Decision | undefined | Promise<Decision | undefined>,
): Promise<Incident | undefined> {
  return commitOrRetry(ports, async () => {
    const incident = await ports.store.incident(id);
    const decision = incident === undefined ? undefined : await decide(incident);
    return decision === undefined ? undefined : { commit: await commitOf(ports, decision), result: decision.incident };
  });
}

/**
 * Decides what an effect's outcome means for its incident, and completes the effect in the same
 * commit. If another worker already completed it after the lease expired, decides nothing, so an
 * outcome counts once.
 */
export async function concludeEffect(
  ports: Ports,
  { id, incidentId }: Pick<Effect, 'id' | 'incidentId'>,
  decide: (incident: Incident) => Decision | Promise<Decision>,
): Promise<void> {
  await commitOrRetry(ports, async () => {
    const incident = await ports.store.incident(incidentId);
    // Read after the incident: whoever completes it from now on also changes the incident, so this
    // commit would conflict.
    if ((await ports.store.effect(id))?.done) return undefined;
    if (incident === undefined) return { commit: { writes: [], timeline: [], effects: [], done: [id] }, result: undefined };
    return { commit: await commitOf(ports, await decide(incident), { done: [id] }), result: undefined };
  });
}
