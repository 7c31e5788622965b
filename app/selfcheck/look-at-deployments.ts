import { newDeployment } from '../../core/remediation/deployments/deployment.ts';
import { lookEveryMs, sighted } from '../../core/remediation/deployments/served.ts';
import { watchedDeployments } from '../../core/remediation/deployments/watched-deployments.ts';
import { commitOrRetry } from '../commit.ts';
import { describeDeployment } from '../deliver/deliver-rollback.ts';
import type { Ports } from '../ports/ports.ts';

/** A check this early is still on time. */
const earlyMs = 30_000;

/**
 * Asks each hook what is deployed and records it, to track how long each version has served. A hook
 * that does not answer only leaves a gap.
 */
export async function lookAtDeployments(ports: Ports, now: number, clock: () => number = () => now): Promise<{ seen: number }> {
  const unseen = ports.inFlight.unseenDeployments;
  const looks = watchedDeployments(ports.config).map(async (name) => {
    const deployment = ports.config.deployments[name];
    const last = (await ports.store.deployment(name))?.sighting?.at;
    if (deployment === undefined || (last !== undefined && last <= now && now - last < lookEveryMs - earlyMs)) return 0;
    try {
      const view = await describeDeployment(ports, name, deployment);
      const at = clock();
      await commitOrRetry(ports, async () => {
        const state = (await ports.store.deployment(name)) ?? newDeployment(name);
        const value = { ...sighted(state, view, at), version: state.version + 1 };
        const write = { kind: 'deployment', value, expected: state.version } as const;
        return { commit: { writes: [write], timeline: [], effects: [], done: [] }, result: undefined };
      });
      if (unseen.delete(name)) ports.log('info', 'a deployment says again which version it serves', { deployment: name });
      return 1;
    } catch (error) {
      if (!unseen.has(name))
        ports.log('warn', 'a deployment does not say which version it serves; until it does, no version counts as serving', {
          deployment: name,
          error: String(error),
        });
      unseen.add(name);
      return 0;
    }
  });
  const seen = await Promise.all(looks);
  return { seen: seen.reduce<number>((sum, one) => sum + one, 0) };
}
