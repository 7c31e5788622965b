import { isOfNumbers } from '../../../statistics/distributions/measures.ts';
import { declarationOf } from '../../../telemetry/sources/kinds/feature-declaration.ts';
import type { SourceConfig } from '../../../telemetry/sources/source.ts';
import { nearest } from '../../../vocabulary/nearest.ts';
import type { Path, Report } from '../../../vocabulary/report.ts';
import { shown } from '../../../vocabulary/shown.ts';
import { formatDuration } from '../../../vocabulary/units.ts';
import type { RuleOf } from '../../rules/rule-schema.ts';
import { movingWindow } from './baselines.ts';

/** A feature that is not declared may be anything. */
const mayBeNumbers = (type: string | undefined): boolean => type === undefined || type === 'number' || type === 'integer';

/**
 * The metric drift and the rule kind drift need each other, and a source that keeps feature
 * profiles.
 */
export function checkDriftSource(path: Path, rule: RuleOf<'drift'>, source: SourceConfig, report: Report): void {
  const query = rule.query.predictions;
  if (query === undefined || source.kind !== 'predictions') {
    report([...path, 'drift'], 'key', `expected a source of predictions; received ${source.kind}`);
    return;
  }
  const at = [...path, 'query', 'predictions'];
  if (query.metric !== 'drift') {
    report([...at, 'metric'], 'value', `expected drift, which a rule of that kind asks for; received ${query.metric}`);
    return;
  }
  if (source.profiles === false) {
    const message = `drift needs profiles of the features; add \`profiles: true\` to the source ${rule.source}`;
    report([...path, 'source'], 'value', message);
    return;
  }
  const kept = source.profiles === true ? [...(source.features ?? []), ...Object.keys(source.schema ?? {})] : source.profiles;
  if (kept.length === 0) {
    const message = `expected a source whose features are known; name them under \`features\`, \`schema\` or \`profiles\` of ${rule.source}`;
    report([...path, 'source'], 'value', message);
  }
  for (const [index, feature] of (query.features ?? []).entries()) {
    if (kept.includes(feature)) {
      const type = declarationOf(feature, source)?.type;
      if (isOfNumbers(rule.drift.measure) && !mayBeNumbers(type)) {
        const message = `${rule.drift.measure} is for numbers, and ${feature} is declared as ${type}; remove it, or take another measure, such as psi`;
        report([...at, 'features', index], 'value', message);
      }
      continue;
    }
    const message = `expected a feature of which ${rule.source} keeps a profile; received ${shown(feature)}`;
    report([...at, 'features', index], 'value', message, nearest(feature, kept));
  }
  const anyNumbers = kept.some((feature) => mayBeNumbers(declarationOf(feature, source)?.type));
  if (kept.length > 0 && query.features === undefined && isOfNumbers(rule.drift.measure) && !anyNumbers) {
    const message = `${rule.drift.measure} is for numbers, and no feature with a profile in ${rule.source} is declared as one; take another measure, such as psi`;
    report([...path, 'drift', 'measure'], 'value', message);
  }
  const bucket = source.profileBucket;
  const times = [
    { where: [...path, 'step'], ms: rule.step },
    { where: [...at, 'over'], ms: query.over },
    { where: [...path, 'drift', 'baseline', 'rolling', 'window'], ms: movingWindow(rule.drift.baseline) ?? bucket },
  ];
  for (const { where, ms } of times) {
    if (ms % bucket === 0) continue;
    const what = `a multiple of the profileBucket of ${rule.source}, ${formatDuration(bucket)}`;
    report(where, 'value', `expected ${what}; received ${formatDuration(ms)}`);
  }
}
