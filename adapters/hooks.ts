import type { Outside } from '../app/ports/outside.ts';
import type { Hooks, RollbackHook } from '../app/ports/rollback-hook.ts';
import type { HookKind } from '../core/remediation/hooks/hook.ts';
import { forEveryKind } from '../core/vocabulary/kinds.ts';
import { once } from './once.ts';

/**
 * The rollback hook for each kind, on one machine and in the rollback function. A vendor's folder
 * and client load with the first call of the kind.
 */
const opened: { [K in HookKind]: (outside: Outside) => Promise<RollbackHook<K>> } = {
  lambdaAlias: async (outside) => (await import('./lambda-alias/index.ts')).openHook(outside),
  webhook: async (outside) => (await import('./webhook/index.ts')).openHook(outside),
};

export const hooksOf = (outside: Outside): Hooks =>
  forEveryKind(opened, (kind) => lazily(() => opened[kind](outside) as Promise<RollbackHook>)) as Hooks;

function lazily(open: () => Promise<RollbackHook>): RollbackHook {
  const hook = once(open);
  return {
    describe: async (...request) => (await hook()).describe(...request),
    rollback: async (...request) => (await hook()).rollback(...request),
  };
}
