import type { Category, Severity } from '../../vocabulary/schema-parts.ts';
import type { ResponseConfig } from '../config.ts';
import type { PolicySnapshot } from '../incidents/incident.ts';

/**
 * The policy of a category and severity with the response-time targets of its cell, as an incident freezes it: a copy,
 * which later changes of the config do not reach. A category without a cell of its own uses that of `default`.
 *
 * Throws Error when the cell names a policy that does not exist. Validation refuses such a config, and an incident keeps
 * its frozen copy when a policy is deleted, so only a config that was never validated gets here.
 */
export function policyFor(config: ResponseConfig, category: Category, severity: Severity): PolicySnapshot {
  const cell = config.matrix[category]?.[severity] ?? config.matrix.default[severity];
  const policy = Object.hasOwn(config.policies, cell.policy) ? config.policies[cell.policy] : undefined;
  if (policy === undefined) {
    throw new Error(
      `the escalation matrix sends ${category}/${severity} to the policy "${cell.policy}", which does not exist; ` +
        'validate the config before it is used',
    );
  }
  return {
    name: cell.policy,
    tiers: policy.tiers.map((tier) => ({ targets: tier.targets.map((target) => ({ ...target })), ackWithin: tier.ackWithin })),
    repeat: policy.repeat,
    ackTimeout: policy.ackTimeout,
    ...(policy.fallback !== undefined && { fallback: { ...policy.fallback } }),
    ...(cell.ackTarget !== undefined && { ackTarget: cell.ackTarget }),
    ...(cell.resolveTarget !== undefined && { resolveTarget: cell.resolveTarget }),
  };
}
