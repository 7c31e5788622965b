import type { Severity } from '../../vocabulary/schema-parts.ts';
import type { RuleCommon } from '../rules/rule-schema.ts';
import type { Verdict } from '../verdict.ts';
import type { Finding } from './finding.ts';

/**
 * Whether more of the points that lie past a bound by no more than chance may give would have made
 * a breach.
 */
export const isByChance = ({ warn, insignificant }: Finding, m: number): boolean =>
  insignificant > 0 && warn + insignificant >= m;

/**
 * Without an alert nothing can be said when no real point could be judged; the latest one is then
 * too small.
 */
export const isTooSmall = ({ small, unmeasured, real }: Finding, status: Verdict['status']): boolean =>
  small > 0 && status !== 'critical' && status !== 'warn' && small + unmeasured === real;

/**
 * The highest of the bands that an alert is in of which nobody can tell whether it has left it, for
 * the unknown points could keep it there. Missing points that count as a breach of warn say nothing
 * of critical.
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
