import type { SourceConfig } from '../../../telemetry/sources/source.ts';
import { nearest } from '../../../vocabulary/nearest.ts';
import type { Path, Report } from '../../../vocabulary/report.ts';
import { shown } from '../../../vocabulary/shown.ts';
import { formatDuration } from '../../../vocabulary/units.ts';
import type { RuleOf } from '../../rules/rule-schema.ts';
import { movingWindow } from './baselines.ts';

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
    if (kept.includes(feature)) continue;
    const message = `expected a feature of which ${rule.source} keeps a profile; received ${shown(feature)}`;
    report([...at, 'features', index], 'value', message, nearest(feature, kept));
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
