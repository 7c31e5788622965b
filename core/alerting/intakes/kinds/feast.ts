import { shownJson } from '../../../vocabulary/shown.ts';
import { formatDuration } from '../../../vocabulary/units.ts';
import { checkIntake } from '../checks/alerts-of-checks.ts';
import type { CheckFormat, CheckResult, ChecksRead } from '../checks/check-result.ts';
import { isObject } from '../events/alert-event.ts';
import { listLabel } from '../list-label.ts';
import { listIn, objectIn, ownerIn, textsIn, timeIn, wordIn } from '../members.ts';

const minute = 60_000;

/**
 * Feature views as the registry server of Feast answers `GET /feature_views`: each is stale when
 * its newest materialisation ended longer than its `ttl` ago, so that the online store has nothing
 * to serve.
 */
const format: CheckFormat = {
  lists: ['featureViews'],
  results(document, _options, now): ChecksRead {
    if (!isObject(document) || !Array.isArray(document['featureViews']))
      return {
        ok: false,
        error: `expected what Feast's registry server answers to GET /feature_views, with featureViews (its monitoring has statistics and no verdict); received ${shownJson(document)}`,
      };
    return { ok: true, list: document['featureViews'], read: (view) => freshnessOf(view, now) };
  },
};

export const feastIntake = checkIntake(format);

function freshnessOf(view: unknown, now: number): CheckResult | string {
  const [spec, meta] = [objectIn(view, 'spec'), objectIn(view, 'meta')];
  const name = wordIn(spec, 'name');
  if (name === undefined) return 'expected a feature view with spec.name';
  const ttl = secondsIn(wordIn(spec, 'ttl'));
  const ends = listIn(meta, 'materializationIntervals').flatMap((interval) => timeIn(interval, 'endTime') ?? []);
  const newest = ends.reduce<number | undefined>((a, b) => (a === undefined || b > a ? b : a), undefined);
  const labels = {
    inputs: listLabel([wordIn(objectIn(spec, 'batchSource'), 'name') ?? '']),
    entities: listLabel(textsIn(spec, 'entities')),
  };
  const result = {
    check: 'freshness',
    dataset: name,
    identity: { project: wordIn(spec, 'project') },
    at: now,
    owner: ownerIn(spec),
    labels,
  };
  // It is not served online, or never grows old.
  if (spec['online'] === false || ttl === undefined) return { ...result, outcome: 'skipped' };
  if (newest === undefined) return { ...result, outcome: 'fail', observed: 'it was never materialised' };
  const age = formatDuration(Math.floor(Math.max(0, now - newest) / minute) * minute);
  const observed = `materialised up to ${age} ago, expected at most ${formatDuration(ttl)}`;
  return { ...result, outcome: now - newest > ttl ? 'fail' : 'pass', observed };
}

/** `172800s`, as protobuf writes durations; zero means that nothing grows old. */
function secondsIn(text: string | undefined): number | undefined {
  const seconds = text === undefined ? undefined : /^(\d{1,12})(?:\.\d+)?s$/.exec(text)?.[1];
  return seconds === undefined || Number(seconds) === 0 ? undefined : Number(seconds) * 1000;
}
