import type { DeploymentView } from '../../core/remediation/deployments/deployment.ts';
import type { DeploymentConfig } from '../../core/remediation/deployments/deployment-schema.ts';
import { type HookKind, type HookOf, hookKinds } from '../../core/remediation/hooks/hook.ts';
import { forEveryKind, ofKind, unknownKind } from '../../core/vocabulary/kinds.ts';
import { DeliveryError } from './delivery-error.ts';

export type RollbackRequest = { deployment: string; from: string; to: string; revision?: string; requestId: string };

export type RollbackOutcome = { providerId: string /** true: this request was already done. */; already: boolean };

/** A deployment with a hook of this kind. */
export type DeploymentOf<K extends HookKind> = Omit<DeploymentConfig, 'hook'> & { hook: HookOf<K> };

/**
 * Throws DeliveryError; not retryable if the provider refuses (the revision changed, the version is
 * gone).
 */
export type RollbackHook<K extends HookKind = HookKind> = {
  describe(name: string, deployment: DeploymentOf<K>): Promise<DeploymentView>;
  rollback(name: string, deployment: DeploymentOf<K>, request: RollbackRequest): Promise<RollbackOutcome>;
};

export type Hooks = { [K in HookKind]: RollbackHook<K> };

/** One hook for every kind. */
export const everyHook = (hook: RollbackHook): Hooks => forEveryKind(hookKinds, () => hook) as Hooks;

/** The hook of a deployment. Throws a non-retryable DeliveryError for an unknown kind. */
export function hookOf(hooks: Hooks, { hook: { kind } }: DeploymentConfig): RollbackHook {
  const hook = ofKind(hooks, kind);
  if (hook === undefined) throw new DeliveryError(unknownKind('rollback hook', kind), { retryable: false });
  return hook as RollbackHook;
}
