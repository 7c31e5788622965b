import type { Severity } from '../../vocabulary/schema-parts.ts';
import type { RuleCommon } from '../rules/rule-schema.ts';
import type { Verdict } from '../verdict.ts';
import type { Finding } from './finding.ts';

/** Whether it would breach if the points past a bound within chance counted. */
export const isByChance = ({ warn, insignificant }: Finding, m: number): boolean =>
  insignificant > 0 && warn + insignificant >= m;

/**
 * Without an alert, nothing can be said if no real point could be judged; the latest is then too
 * small.
 */
export const isTooSmall = ({ small, unmeasured, real }: Finding, status: Verdict['status']): boolean =>
  small > 0 && status !== 'critical' && status !== 'warn' && small + unmeasured === real;

/**
 * The highest of the alert's bands that unknown points could keep it in. Missing points that count
 * as a warn breach say nothing about critical.
 */
export function heldBand(
  { warn, critical, unknown, missing }: Finding,
  { noData, for: { m } }: RuleCommon,
  status: Verdict['status'],
  current: Severity | undefined,
): Severity | undefined {
  if (current === undefined || status === 'critical') return undefined;
  if (current === 'critical' && critical + unknown + (noData === 'alert' ? missing : 0) >= m) return current;
  return status !== 'warn' && warn + unknown >= m ? 'warn' : undefined;
}
