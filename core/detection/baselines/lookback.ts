import { type SourceConfig, sourceLag } from '../../telemetry/sources/source.ts';
import type { RuleCommon } from '../rules/rule-schema.ts';

/**
 * Extra steps beyond N to search for real points, so that a late point does not count as missing.
 */
const slackSteps = (n: number): number => Math.max(3, Math.ceil(n / 5));

/** How far before the judged time the latest N points may lie, in milliseconds. */
export const lookbackOf = (rule: Pick<RuleCommon, 'for' | 'step'>): number => (rule.for.n + slackSteps(rule.for.n)) * rule.step;

/**
 * Converts a span before the judged time to one before now: a source with a lag is judged that much
 * later.
 */
export const beforeNow = (learnsFrom: number, source: SourceConfig | undefined): number =>
  learnsFrom === 0 ? 0 : learnsFrom + sourceLag(source);
