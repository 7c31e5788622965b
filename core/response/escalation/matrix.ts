import type { Category, Severity } from '../../vocabulary/schema-parts.ts';
import type { ResponseConfig } from '../config.ts';
import type { PolicySnapshot } from '../incidents/incident.ts';
import type { RoutedTo } from './routed-to.ts';

/**
 * The policy for a category and severity, or that of a route, with its response-time targets,
 * copied so that later config changes do not affect the incident. A category without its own row
 * uses `default`.
 *
 * Throws Error if the policy does not exist. Validation refuses such a config, and an incident
 * keeps its copy when a policy is deleted, so only an unvalidated config gets here.
 */
export function policyFor(config: ResponseConfig, category: Category, severity: Severity, to?: RoutedTo): PolicySnapshot {
  const cell = config.matrix[category]?.[severity] ?? config.matrix.default[severity];
  // An incident may name a route whose policy has left the config since; the matrix never fails it.
  const name = to?.policy !== undefined && Object.hasOwn(config.policies, to.policy) ? to.policy : cell.policy;
  const policy = Object.hasOwn(config.policies, name) ? config.policies[name] : undefined;
  if (policy === undefined) {
    throw new Error(
      `the escalation matrix sends ${category}/${severity} to the policy "${cell.policy}", which does not exist; ` +
        'validate the config before it is used',
    );
  }
  return {
    name,
    tiers: policy.tiers.map((tier) => ({ targets: tier.targets.map((target) => ({ ...target })), ackWithin: tier.ackWithin })),
    repeat: policy.repeat,
    ackTimeout: policy.ackTimeout,
    ...(policy.fallback !== undefined && { fallback: { ...policy.fallback } }),
    ...(to !== undefined && to.path.length > 0 && { route: to.path }),
    ...(to !== undefined && to.tell.length > 0 && { tell: to.tell.map((target) => ({ ...target })) }),
    ...(cell.ackTarget !== undefined && { ackTarget: cell.ackTarget }),
    ...(cell.resolveTarget !== undefined && { resolveTarget: cell.resolveTarget }),
  };
}
