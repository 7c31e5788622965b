import { trainingOf } from '../detection/learning.ts';
import type { AskingRule } from '../detection/rules/rule-schema.ts';
import { maxTouchedByOne, mostTouched } from '../telemetry/samples/chunks.ts';
import { profileParts } from '../telemetry/samples/profile-parts.ts';
import { isTakenForTwo, segmentNames, segmentOf, segmentsAsked, splitsOf } from '../telemetry/samples/segments.ts';
import type { PredictionsSourceConfig } from '../telemetry/sources/kinds/predictions.ts';
import { nearest } from '../vocabulary/nearest.ts';
import type { Path, Report } from '../vocabulary/report.ts';
import { shown } from '../vocabulary/shown.ts';
import type { Config } from './schema.ts';

/** Labels that already have a meaning. */
const taken = ['model', 'version', 'feature', 'part', 'rule', 'category', 'severity'];

/** Segment names must be free, and few enough to fit into one atomic write per record. */
export function checkSegments({ sources }: Config, report: Report): void {
  for (const [name, source] of Object.entries(sources)) {
    if (source.kind !== 'predictions' || source.segments === undefined) continue;
    const at = ['sources', name, 'segments'];
    const read = source.columns?.features;
    for (const segment of segmentNames(source)) {
      if (read !== undefined && !read.includes(segment)) {
        const message = `expected a column that is a feature, for all its records would be other; received ${shown(segment)}; add it to \`columns.features\``;
        report([...at, segment], 'key', message, nearest(segment, read));
      }
      if (isTakenForTwo(segment))
        report(
          [...at, segment],
          'key',
          `expected a feature without " and " in its name, which joins two; received ${shown(segment)}; rename it`,
        );
      if (!taken.includes(segment) && !Object.hasOwn(source.labels, segment)) continue;
      report(
        [...at, segment],
        'key',
        `expected a feature whose name is no label of the source; received ${shown(segment)}; rename it`,
      );
    }
    const most = mostTouched(splitsOf(source).length, profileParts(source).length);
    if (most <= maxTouchedByOne) continue;
    const message = `one record would be counted at ${most} places, and ${maxTouchedByOne} can be written at once; take fewer segments, fewer profiles, or fewer rules by two segments`;
    report(at, 'value', message);
  }
}

/**
 * A rule can split only by segments of its source, by at most two at a time, and only metrics known
 * per segment.
 */
export function checkBy(path: Path, rule: AskingRule, source: PredictionsSourceConfig, report: Report): void {
  const query = rule.query.predictions;
  if (query === undefined) return;
  const at = [...path, 'query', 'predictions', 'by'];
  const names = segmentNames(source);
  const known = ['version', 'feature', ...names];
  for (const [index, label] of query.by.entries()) {
    if (known.includes(label)) continue;
    const message = `expected version, feature or a segment of ${rule.source}; received ${shown(label)}; list its values under \`segments\` of that source`;
    report([...at, index], 'value', message, nearest(label, known));
  }
  const asked = segmentsAsked(query).filter((label) => names.includes(label));
  if (asked.length > 2) {
    const message = `expected at most two segments at a time, for each more has too few records to judge by; received ${asked.join(', ')}; make a rule for each pair`;
    report(at, 'value', message);
  }
  const segment = segmentOf(query);
  if (segment === undefined) return;
  if (trainingOf(rule) === undefined) return;
  const message = `a training is of all data, not of one ${segment}; take another baseline, or leave ${segment} out of \`by\``;
  report([...path, rule.kind, 'baseline', 'training'], 'key', message);
}
