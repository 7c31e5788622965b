import type { RemediationConfig } from '../config.ts';

/** Deployments that rules may roll back. Their serving times must be tracked. */
export function watchedDeployments({
  rules,
  rollbacks,
  deployments,
}: Pick<RemediationConfig, 'rules' | 'rollbacks' | 'deployments'>): string[] {
  const names = Object.values(rules).flatMap(({ rollback }) =>
    rollback === undefined ? [] : (rollbacks[rollback]?.deployment ?? []),
  );
  return [...new Set(names)].filter((name) => Object.hasOwn(deployments, name));
}
