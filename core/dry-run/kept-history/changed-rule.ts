import { bandsOf } from '../../detection/kinds/threshold/recovery.ts';
import type { Rule, RuleOf } from '../../detection/rules/rule-schema.ts';
import { formatBound, formatPercent } from '../../vocabulary/format.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';
import { formatDuration } from '../../vocabulary/units.ts';

/**
 * Rules whose bounds follow from the rule and one baseline, so that what is kept of a judgement
 * suffices.
 */
export type RejudgedRule = RuleOf<'threshold'> | RuleOf<'degradation'>;

/**
 * What to try instead. `warn` and `critical`: a value of the metric for a threshold, a share of the
 * baseline for a degradation.
 */
export type RuleChange = {
  warn?: number | undefined;
  critical?: number | undefined;
  for?: { m: number; n: number } | undefined;
  keepFiringMs?: number | undefined;
  minCount?: number | undefined;
  confidence?: number | undefined;
};

/** The rule with the change, or why there is none. */
export function changedRule(rule: Rule, change: RuleChange): { ok: true; rule: RejudgedRule } | { ok: false; error: string } {
  if (!isRejudged(rule))
    return {
      ok: false,
      error: `expected a rule of the kind threshold or degradation, whose bounds follow from the kept history; this one is of the kind ${rule.kind}; replay recorded data with: tocsin backtest`,
    };
  const wrong = wrongBands(rule, change);
  if (wrong !== undefined) return { ok: false, error: wrong };
  const { for: mOfN = rule.for, keepFiringMs: keepFiring = rule.keepFiring } = change;
  const samples = {
    ...rule.samples,
    minCount: change.minCount ?? rule.samples.minCount,
    confidence: change.confidence ?? rule.samples.confidence,
  };
  return { ok: true, rule: withBands({ ...rule, for: mOfN, keepFiring, samples }, change) };
}

export const isRejudged = (rule: Rule): rule is RejudgedRule => rule.kind === 'threshold' || rule.kind === 'degradation';

function wrongBands(rule: RejudgedRule, change: RuleChange): string | undefined {
  const known = rule.kind === 'threshold' ? bandsOf(rule.threshold) : rule.degradation;
  const [warn, critical] = [change.warn ?? known.warn, change.critical ?? known.critical];
  if (warn === undefined || critical === undefined) return undefined;
  const below = rule.kind === 'threshold' && rule.threshold.below !== undefined;
  if (below ? warn > critical : warn < critical) return undefined;
  return `expected critical to lie ${below ? 'below' : 'above'} warn, ${warn}; received ${critical}`;
}

function withBands(rule: RejudgedRule, { warn, critical }: RuleChange): RejudgedRule {
  const changed = { ...(warn !== undefined && { warn }), ...(critical !== undefined && { critical }) };
  if (rule.kind === 'degradation') return { ...rule, degradation: { ...rule.degradation, ...changed } };
  const key = rule.threshold.above === undefined ? 'below' : 'above';
  // A value at which alerts end, which was set for other bounds, may lie past the new ones.
  const { recover, ...bounds } = bandsOf(rule.threshold);
  const isMoved = Object.keys(changed).length > 0;
  const band = { ...bounds, ...(recover !== undefined && !isMoved && { recover }), ...changed };
  return { ...rule, threshold: { ...rule.threshold, [key]: band } };
}

/** What to write into the config: the keys that change, in YAML. Empty if nothing does. */
export function patchOf(id: string, before: RejudgedRule, after: RejudgedRule): string {
  const lines: string[] = [];
  const bands = (rule: RejudgedRule): Partial<Record<Severity, number | undefined>> =>
    rule.kind === 'threshold' ? bandsOf(rule.threshold) : rule.degradation;
  const moved = (['warn', 'critical'] as const).filter((band) => bands(before)[band] !== bands(after)[band]);
  if (moved.length > 0) {
    const text = (band: Severity): string => {
      const value = bands(after)[band] as number;
      return `${band}: ${after.kind === 'degradation' ? formatPercent(value) : formatBound(value)}`;
    };
    if (after.kind === 'degradation') lines.push('  degradation:', ...moved.map((band) => `    ${text(band)}`));
    else
      lines.push(
        '  threshold:',
        `    ${after.threshold.above === undefined ? 'below' : 'above'}:`,
        ...moved.map((band) => `      ${text(band)}`),
      );
  }
  if (before.for.m !== after.for.m || before.for.n !== after.for.n) lines.push(`  for: ${after.for.m}/${after.for.n}`);
  if (before.keepFiring !== after.keepFiring) lines.push(`  keepFiring: ${formatDuration(after.keepFiring)}`);
  const { minCount, confidence } = after.samples;
  const samples = [
    ...(before.samples.minCount === minCount ? [] : [`    minCount: ${minCount}`]),
    ...(before.samples.confidence === confidence || confidence === undefined
      ? []
      : [`    confidence: ${formatPercent(confidence)}`]),
  ];
  if (samples.length > 0) lines.push('  samples:', ...samples);
  return lines.length === 0 ? '' : `${[`${id}:`, ...lines].join('\n')}\n`;
}
