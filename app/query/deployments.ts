import { type BreakerState, type DeploymentState, newDeployment } from '../../core/remediation/deployments/deployment.ts';
import type { DeploymentConfig } from '../../core/remediation/deployments/deployment-schema.ts';
import { maxGapMs, servedAtLeast } from '../../core/remediation/deployments/served.ts';
import { watchedDeployments } from '../../core/remediation/deployments/watched-deployments.ts';
import { breakerState } from '../../core/remediation/rollback/decide.ts';
import type { RollbackConfig } from '../../core/remediation/rollback/rollback-schema.ts';
import { type RollbackSeen, rollbacksSeen, type ServedVersion, servedVersions } from '../../core/response/rollback/ledger.ts';
import { sourcesOf } from '../../core/telemetry/sources/sources-of.ts';
import { nameOfActor } from '../../core/vocabulary/actor.ts';
import type { Ports } from '../ports/ports.ts';
import { modelLabelOf } from '../sources/model-series.ts';

/** Incidents that are looked through for rollbacks, and for what went wrong with a version. */
const mostIncidents = 200;
const mostShown = 100;
/** Newest rollbacks of which the timeline is asked who wanted them. */
const mostAsked = 20;
const dayMs = 86_400_000;

/** What a deployment serves, as its hook was seen to say. */
export type ServesNow = {
  version: string;
  seenAt: number;
  /** It has served for at least this long; more is not proven. */
  atLeastMs: number;
  /** Nobody has looked for so long that another one may serve by now. */
  stale: boolean;
};

export type DeploymentNow = {
  name: string;
  config: DeploymentConfig;
  /** A rule may roll it back, so its hook is asked every five minutes. */
  watched: boolean;
  /** This process asked its hook last without an answer. */
  unanswered: boolean;
  rollbacks: { name: string; rollback: RollbackConfig; breaker: BreakerState; breakerUntil?: number; automaticToday: number }[];
  serves?: ServesNow;
  state: DeploymentState;
};

export type Deployments = {
  deployments: DeploymentNow[];
  rollbacks: RollbackSeen[];
  versions: ServedVersion[];
};

/** What serves, since when as far as is known, and what became of rollbacks. */
export async function deploymentsNow(
  { config, store, inFlight }: Pick<Ports, 'config' | 'store' | 'inFlight'>,
  now: number,
): Promise<Deployments> {
  const names = Object.keys(config.deployments).slice(0, mostShown);
  const models = sourcesOf(config, 'predictions').slice(0, mostShown);
  const [states, serving, incidents] = await Promise.all([
    Promise.all(names.map((name) => store.deployment(name))),
    Promise.all(models.map(({ name }) => store.serving(name))),
    store.incidents({ status: 'all', limit: mostIncidents }),
  ]);
  const since = incidents.length < mostIncidents ? Number.NEGATIVE_INFINITY : (incidents.at(-1)?.openedAt ?? 0);
  const watched = new Set(watchedDeployments(config));
  return {
    deployments: names.map((name, place) => {
      const state = states[place] ?? newDeployment(name);
      const { sighting } = state;
      return {
        name,
        config: config.deployments[name] as DeploymentConfig,
        watched: watched.has(name),
        unanswered: inFlight.unseenDeployments.has(name),
        rollbacks: Object.entries(config.rollbacks)
          .filter(([, { deployment }]) => deployment === name)
          .map(([rollbackName, rollback]) => ({ name: rollbackName, rollback, ...breakerOf(state, rollback, now) })),
        ...(sighting !== undefined && {
          serves: {
            version: sighting.main,
            seenAt: sighting.at,
            atLeastMs: servedAtLeast(state, sighting.main),
            stale: now - sighting.at > maxGapMs,
          },
        }),
        state,
      };
    }),
    rollbacks: await withActors(store, rollbacksSeen(incidents).slice(0, mostShown)),
    versions: models
      .flatMap(({ name, source }, place) => {
        const served = serving[place];
        return served === undefined
          ? []
          : servedVersions({ source: name, model: modelLabelOf(source), serving: served }, { incidents, since });
      })
      .toSorted((a, b) => b.from - a.from)
      .slice(0, mostShown),
  };
}

/** Who asked for each, as its timeline says. */
async function withActors({ timeline }: Pick<Ports['store'], 'timeline'>, all: readonly RollbackSeen[]): Promise<RollbackSeen[]> {
  return Promise.all(
    all.map(async (seen, place) => {
      if (place >= mostAsked || seen.state === 'offered' || seen.state === 'refused') return seen;
      const asked = (await timeline(seen.incident)).findLast(({ kind, at }) => kind === 'rollback' && at <= seen.at);
      return asked === undefined ? seen : { ...seen, by: nameOfActor(asked.actor) };
    }),
  );
}

/** The breaker lets an automatic rollback through again at `breakerUntil`. */
function breakerOf(state: DeploymentState, { cooldown }: RollbackConfig, now: number) {
  const breaker = breakerState(state, cooldown, now);
  const opens = state.openedAt === undefined ? undefined : state.openedAt + cooldown;
  return {
    breaker,
    ...(breaker === 'open' && opens !== undefined && { breakerUntil: opens }),
    automaticToday: state.rolledBackAt.filter((at) => at > now - dayMs).length,
  };
}
