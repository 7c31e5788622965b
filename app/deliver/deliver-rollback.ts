import type { DeploymentView } from '../../core/remediation/deployments/deployment.ts';
import type { DeploymentConfig } from '../../core/remediation/deployments/deployment-schema.ts';
import type { DescribeDeploymentEffect, RollbackEffect } from '../../core/response/outbox/effect.ts';
import { onConfirmed, wrongIn } from '../../core/response/rollback/confirm.ts';
import { onInspected } from '../../core/response/rollback/consider.ts';
import { onRolledBack } from '../../core/response/rollback/watch.ts';
import { concludeEffect } from '../commit.ts';
import { inSpan } from '../in-span.ts';
import { serveAfterRollback } from '../ingest/serve.ts';
import { DeliveryError } from '../ports/delivery-error.ts';
import type { Ports } from '../ports/ports.ts';
import { hookOf, type RollbackOutcome } from '../ports/rollback-hook.ts';
import { causesNow } from '../respond/causes-now.ts';
import { effectiveConfig } from '../respond/effective-config.ts';
import { type Attempt, answered, type DeliverResult, messageOf, nextTry, postpone } from './attempt.ts';

/** How long a hook may fail to report what is deployed: an incident waits for its remedy. */
const giveInspectUpAfterMs = 120_000;
/** A decided rollback may take longer to succeed, since it ends the incident. */
const giveRollbackUpAfterMs = 600_000;

/** Whether a retry makes sense: the error allows it and time is left. */
function triesAgain(attempt: Attempt<DescribeDeploymentEffect | RollbackEffect>, error: unknown, giveUpAfterMs: number): boolean {
  if (error instanceof DeliveryError && !error.retryable) return false;
  return nextTry(attempt, error) - (attempt.stored.firstTriedAt ?? attempt.now) <= giveUpAfterMs;
}

/** Asks the hook what is deployed, then decides the rollback, or confirms that one was done. */
export async function deliverDescription(attempt: Attempt<DescribeDeploymentEffect>): Promise<DeliverResult> {
  const { ports, effect, now } = attempt;
  const { confirms } = effect;
  const name = confirms?.deployment ?? ports.config.rollbacks[effect.rollback]?.deployment;
  const deployment = name === undefined ? undefined : ports.config.deployments[name];
  let view: DeploymentView | { error: string };
  if (name === undefined || deployment === undefined) {
    view = { error: `the rollback ${effect.rollback} or its deployment is no longer in the config` };
  } else {
    try {
      view = await describeDeployment(ports, name, deployment);
    } catch (error) {
      if (triesAgain(attempt, error, giveInspectUpAfterMs)) return postpone(attempt, error);
      view = { error: messageOf(error) };
    }
  }
  const state = async () => (name === undefined ? undefined : await ports.store.deployment(name));
  if (confirms === undefined) {
    await concludeEffect(ports, effect, async (latest) =>
      onInspected(latest, effect, view, await state(), await effectiveConfig(ports, now), now, await causesNow(ports)),
    );
    return { outcome: 'done' };
  }
  // Before the effect is completed: a crash in between repeats this, which changes nothing.
  if (!('error' in view) && wrongIn(view, confirms) === undefined) {
    for (const [rollback, { deployment: of }] of Object.entries(ports.config.rollbacks)) {
      if (of === confirms.deployment) await serveAfterRollback(ports, rollback, confirms.to, now);
    }
  }
  await concludeEffect(ports, effect, async (latest) =>
    onConfirmed(latest, { ...effect, confirms }, view, await state(), await effectiveConfig(ports, now), now),
  );
  return { outcome: 'done' };
}

/** What a deployment's hook reports as deployed. Throws DeliveryError. */
export function describeDeployment(ports: Ports, name: string, deployment: DeploymentConfig): Promise<DeploymentView> {
  const span = { kind: 'client', attributes: { 'tocsin.deployment': name } } as const;
  return inSpan(ports, 'ask a rollback hook', span, () =>
    answered(hookOf(ports.hooks, deployment).describe(name, deployment), `the hook of ${name}`),
  );
}

/** Runs a decided rollback. The same request id makes a repeat harmless. */
export async function rollBack(attempt: Attempt<RollbackEffect>): Promise<DeliverResult> {
  const { ports, effect, now } = attempt;
  const deployment = ports.config.deployments[effect.deployment];
  let outcome: ({ ok: true } & RollbackOutcome) | { ok: false; error: string };
  if (deployment === undefined) {
    outcome = { ok: false, error: `the deployment ${effect.deployment} is no longer in the config` };
  } else {
    try {
      const { from, to, revision, requestId } = effect;
      const request = { deployment: effect.deployment, from, to, requestId, ...(revision === undefined ? {} : { revision }) };
      const span = { kind: 'client', attributes: { 'tocsin.deployment': effect.deployment } } as const;
      const rolledBack = await inSpan(ports, 'roll back', span, () =>
        answered(
          hookOf(ports.hooks, deployment).rollback(effect.deployment, deployment, request),
          `the hook of ${effect.deployment}`,
        ),
      );
      outcome = { ok: true, ...rolledBack };
    } catch (error) {
      if (triesAgain(attempt, error, giveRollbackUpAfterMs)) return postpone(attempt, error);
      outcome = { ok: false, error: messageOf(error) };
    }
  }
  await concludeEffect(ports, effect, async (latest) =>
    onRolledBack(
      latest,
      effect,
      outcome,
      await ports.store.deployment(effect.deployment),
      await effectiveConfig(ports, now),
      now,
    ),
  );
  return { outcome: 'done' };
}
