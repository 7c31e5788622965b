import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { type AlertPayload, maxNames, parseAlerts } from '../../core/alerting/alerts/alert-payload.ts';
import { isOutdated, type NormalizedAlert, nextOfPosts } from '../../core/alerting/alerts/external.ts';
import { normalizeAlert } from '../../core/alerting/alerts/normalize.ts';
import { cutText, fits } from '../../core/alerting/alerts/posted-cuts.ts';
import { groupingOf } from '../../core/alerting/correlation/grouping.ts';
import type { AlertChange } from '../../core/response/incidents/opening.ts';
import { recordsShape } from '../../core/telemetry/samples/body.ts';
import type { Entry, Parsed } from '../../core/telemetry/samples/records.ts';
import { countOf, type Refused, refusals } from '../../core/telemetry/samples/refusals.ts';
import type { AlertsSourceConfig } from '../../core/telemetry/sources/kinds/alerts.ts';
import { type Named, sourcesOf } from '../../core/telemetry/sources/sources-of.ts';
import type { Fingerprint } from '../../core/vocabulary/ids.ts';
import { matchable, matches } from '../../core/vocabulary/matching.ts';
import { type Change, commitMuted } from '../commit-alerts.ts';
import { areCoupled } from '../correlation-context.ts';
import type { Write } from '../ports/commit.ts';
import type { Ports } from '../ports/ports.ts';
import { withMutex } from '../with-mutex.ts';
import { nextTurn } from '../yield-to-event-loop.ts';
import { onlySource, sourceNamed } from './fold-records.ts';
import { IngestError } from './ingest-result.ts';
import { namedLabels } from './named-labels.ts';
import { type IngestBody, recordsIn } from './read-body.ts';
import { noteWatchdog } from './watchdog.ts';

/** More than the largest body holds, for no alert is shorter than `{"labels":{"a":"b"}}`. */
export const maxAlertsPerPost = 250_000;
/**
 * Prometheus sends 64 at a time. Of a larger post this many are taken before others have a turn.
 */
const alertsInARow = 10_000;
/** How often resends that lost a race are retried before the sender must retry. */
const maxRounds = 5;

/** Refused alerts, by their index in the post. */
export type AlertsResult = Refused & {
  accepted: number;
  /** Alerts that `ignore` of the source matches. Nothing of them is kept. */
  ignored: number;
  /** Messages that changed nothing, because their sender has judged the alert again since. */
  outdated: number;
  /** Alerts that fired, resolved or changed severity; the others were resends. */
  changed: number;
  /** What of accepted alerts is kept shorter than it was sent, by their index. */
  cut: Refused;
  /**
   * Texts of accepted alerts that say nothing here, so that the default of the source counts, by
   * their index.
   */
  defaulted: Refused;
};

/**
 * Accepts alerts that another system judged, in Alertmanager's format, and commits their changes
 * like an evaluation does: muted, grouped and escalated alike. Good alerts are accepted next to bad
 * ones. `sourceName` is optional if only one source accepts alerts. Throws IngestError; parts
 * committed before it stay, and a full resend is safe.
 */
export async function ingestAlerts(
  ports: Ports,
  sourceName: string | undefined,
  body: IngestBody,
  now: number,
): Promise<AlertsResult> {
  const { records, ...refused } = await recordsIn(body, parseAlerts, {
    ...recordsShape,
    most: maxAlertsPerPost,
    called: 'alerts',
    objects: ['labels', 'annotations'],
    longMembers: { mostNames: maxNames },
  });
  return acceptAlerts(ports, sourceName, { records, ...refused }, now);
}

/** The same for alerts that were read from a format of another system. */
export async function acceptAlerts(
  ports: Ports,
  sourceName: string | undefined,
  { records, ...refused }: Parsed<AlertPayload>,
  now: number,
): Promise<AlertsResult> {
  const { name, source } = alertsSource(ports, sourceName);
  ports.inFlight.heardAt.set(name, now);
  const count = countOf(refused);
  if (count > 0) ports.log('warn', 'alerts were refused', { source: name, count, first: refused.rejected[0] });
  const notes = { cut: refusals(), defaulted: refusals() };
  let changed = 0;
  let ignored = 0;
  let outdated = 0;
  for (let from = 0; from < records.length; from += alertsInARow) {
    if (from > 0) await nextTurn();
    const taken = await take(ports, { name, source }, records.slice(from, from + alertsInARow), notes, now);
    changed += taken.changed;
    ignored += taken.ignored;
    outdated += taken.outdated;
  }
  if (ignored > 0) {
    ports.log('info', 'alerts were ignored, as the source says', { source: name, count: ignored });
    ports.inFlight.ignoredAlerts.set(name, (ports.inFlight.ignoredAlerts.get(name) ?? 0) + ignored);
    ports.observeIgnored?.({ source: name, count: ignored });
  }
  const [cut, defaulted] = [notes.cut.all(), notes.defaulted.all()];
  if (countOf(defaulted) > 0)
    ports.log('warn', 'texts of alerts were not understood, so the defaults of the source count', {
      source: name,
      count: countOf(defaulted),
      first: defaulted.rejected[0],
    });
  return { accepted: records.length - ignored, ignored, outdated, changed, cut, defaulted, ...refused };
}

/** The source of alerts with this name, or the only one. Throws IngestError. */
export function alertsSource({ config }: Pick<Ports, 'config'>, sourceName: string | undefined): Named<AlertsSourceConfig> {
  const sources = sourcesOf(config, 'alerts');
  const name = sourceName ?? onlySource(sources, 'alerts');
  return { name, source: sourceNamed(sources, name, 'alerts') };
}

type Notes = Record<'cut' | 'defaulted', Pick<ReturnType<typeof refusals>, 'add'>>;

async function take(
  ports: Ports,
  { name, source }: Named<AlertsSourceConfig>,
  records: readonly Entry<AlertPayload>[],
  notes: Notes,
  now: number,
): Promise<{ changed: number; ignored: number; outdated: number }> {
  const silences = records.every(({ value: { labels } }) => fits(labels)) ? [] : await ports.store.silences(now);
  const from = {
    name,
    source,
    groupBy: groupingOf(ports.config),
    named: () => namedLabels(ports.config, silences),
    sha256: ports.sha256,
  };
  let posted = new Map<Fingerprint, NormalizedAlert[]>();
  let ignored = 0;
  let isAlive = false;
  for (const { index, value } of records) {
    const odd: (() => string)[] = [];
    const post = normalizeAlert(value, { ...from, defaulted: (text) => odd.push(text) }, now);
    if (isWatchdog(source, post)) {
      isAlive ||= post.external.endsAt > now;
      continue;
    }
    // The end of an alert closes what was taken before, whatever labels its message has.
    if (post.external.endsAt > now && isIgnored(source, post)) {
      ignored += 1;
      continue;
    }
    const { cuts } = post.external;
    if (cuts !== undefined) notes.cut.add(index, () => cuts.map(cutText).join('; '));
    if (odd.length > 0) notes.defaulted.add(index, () => odd.map((text) => text()).join('; '));
    const posts = posted.get(post.fingerprint);
    if (posts === undefined) posted.set(post.fingerprint, [post]);
    else posts.push(post);
  }
  const news: Change[] = [];
  const outdated = new Set<NormalizedAlert>();
  const decide = async (): Promise<void> => {
    const known = await ports.store.alertsOf([...posted.keys()]);
    const repeats: AlertChange[] = [];
    let place = 0;
    for (const posts of posted.values()) {
      const before = known[place++];
      for (const post of posts) if (isOutdated(before, post, now)) outdated.add(post);
      const change = changeBy(posts, before, now);
      if (change?.change === 'refreshed') repeats.push(change);
      else if (change !== undefined) news.push({ ...change, again: (before) => changeBy(posts, before, now) });
    }
    const missed = await commitRepeats(ports, repeats);
    posted = missed.size === 0 ? new Map() : new Map([...posted].filter(([fingerprint]) => missed.has(fingerprint)));
  };
  for (let round = 0; posted.size > 0; round += 1) {
    if (round === maxRounds) throw new IngestError('busy', 'others changed these alerts several times; send them again');
    // Of many concurrent posts with the same resends only one wins each round, so the losers queue.
    await (round === 0 ? decide() : withMutex(ports.inFlight.turns, 'repeats', decide));
  }
  if (isAlive) await noteWatchdog(ports, name, now);
  await commitNews(ports, news, now);
  return { changed: news.length, ignored, outdated: outdated.size };
}

const isWatchdog = ({ watchdog }: AlertsSourceConfig, post: NormalizedAlert): boolean =>
  watchdog !== undefined && matches(watchdog.match, matchable(post));

function isIgnored({ ignore }: AlertsSourceConfig, post: NormalizedAlert): boolean {
  if (ignore.length === 0) return false;
  const subject = matchable(post);
  return ignore.some((match) => matches(match, subject));
}

/** What all posts about one alert change together. */
function changeBy(posts: readonly NormalizedAlert[], before: Alert | undefined, now: number): AlertChange | undefined {
  const { alert, change } = nextOfPosts(before, posts, now);
  return alert === undefined || change === undefined ? undefined : { before, after: alert, change };
}

/**
 * Resends concern no incident, so those of many groups share one commit. Returns the fingerprints
 * that lost a race and must be decided again.
 */
async function commitRepeats(ports: Ports, repeats: readonly AlertChange[]): Promise<Set<string>> {
  const missed = new Set<string>();
  const { maxActions } = ports.store;
  for (let start = 0; start < repeats.length; start += maxActions) {
    const some = repeats.slice(start, start + maxActions);
    const writes = some.map(({ before, after }): Write => {
      const expected = before?.version ?? 0;
      return { kind: 'alert', value: { ...after, version: expected + 1 }, expected, repeat: true };
    });
    if ((await ports.store.commit({ writes, timeline: [], effects: [], done: [] })) === 'committed') continue;
    for (const { after } of some) missed.add(after.fingerprint);
  }
  return missed;
}

async function commitNews(ports: Ports, news: readonly Change[], now: number): Promise<void> {
  if (news.length === 0) return;
  // Other alerts matter only if one may mute another; otherwise the next tick handles them.
  const others = areCoupled(ports.config) ? await ports.store.alerts() : [];
  const { lost } = await commitMuted(ports, news, others, await ports.store.silences(now), now);
  if (lost[0] !== undefined) {
    throw new IngestError('busy', `not all alerts could be stored, send them again: ${lost[0].error}`);
  }
}
