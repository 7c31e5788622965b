import { type SourceConfig, sourceLag } from '../../telemetry/sources/source.ts';
import type { RuleCommon } from '../rules/rule-schema.ts';

/**
 * Steps beyond N in which real points are looked for, so that a late point is not taken for a
 * missing one.
 */
const slackSteps = (n: number): number => Math.max(3, Math.ceil(n / 5));

/** How far before the judged time the latest N points may lie, in milliseconds. */
export const lookbackOf = (rule: Pick<RuleCommon, 'for' | 'step'>): number => (rule.for.n + slackSteps(rule.for.n)) * rule.step;

/**
 * A time before the judged one, counted from now: points of a source with a lag are judged so much
 * later.
 */
export const beforeNow = (learnsFrom: number, source: SourceConfig | undefined): number =>
  learnsFrom === 0 ? 0 : learnsFrom + sourceLag(source);
