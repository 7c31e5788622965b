import { authorizePromotion, type Person } from '../../core/access/permission.ts';
import type { AcceptedBaseline } from '../../core/detection/kinds/drift/accepted.ts';
import { trainingOf } from '../../core/detection/learning.ts';
import { isAsking, sourceNameOf } from '../../core/detection/rules/rule-schema.ts';
import { draftOf } from '../../core/response/incidents/draft.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { groupsOf } from '../../core/telemetry/samples/groups.ts';
import type { SeriesRef } from '../../core/telemetry/samples/summary.ts';
import { sourcesOf } from '../../core/telemetry/sources/sources-of.ts';
import { promotionEntry, promotionText } from '../../core/telemetry/training/audit-entries.ts';
import { newVersions, type Promotion, promoted, type ServingState } from '../../core/telemetry/training/serving.ts';
import type { TrainingRecord } from '../../core/telemetry/training/training.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import { commitOf, commitOrRetry } from '../commit.ts';
import type { DueRule } from '../evaluate/ask-source.ts';
import type { Ports } from '../ports/ports.ts';
import { noteRefused } from '../respond/note-refused.ts';
import { type Refused, refused } from '../respond/refused.ts';
import { firstSeenOf } from '../sources/first-seen.ts';
import { seriesOfModel } from '../sources/model-series.ts';
import { namesOf } from './fold-records.ts';

export type PromoteResult = { ok: true; serving: ServingState; message: string } | Refused;

/** Notify at most this many incidents; more do not fit into one commit. */
const mostTold = 20;
const mostLooked = 200;

/**
 * Makes a version the served one: rules with a training baseline then compare with its profile.
 * Firing alerts keep their pinned baseline, and their incidents say so on the timeline.
 */
export async function promote(
  ports: Ports,
  request: { source: string; modelVersion: string } & Person,
  now: number,
): Promise<PromoteResult> {
  const { source, modelVersion, actor } = request;
  const sources = sourcesOf(ports.config, 'predictions');
  if (!sources.some(({ name }) => name === source))
    return refused('not found', `expected a source of predictions (${namesOf(sources)}); received ${source}`);
  if (modelVersion === '' || modelVersion.length > 128) return refused('invalid', 'expected a version of 1 to 128 characters');
  const denied = authorizePromotion(request);
  if (denied !== undefined) return noteRefused(ports, 'promote', request, denied, now);
  const seen = versionsIn(await seriesOf(ports, source));
  const { serving, changed, text } = await serve(ports, { source, modelVersion, how: 'promoted', by: actor }, seen, now);
  return { ok: true, serving, message: changed ? text : `version ${modelVersion} of ${source} was already served` };
}

/**
 * Detects which versions serve, for due rules that need the served version's training. A version
 * counts as served from its first records, unless the source requires promotion. At first it is the
 * version seen last.
 */
export async function followVersions(ports: Ports, due: readonly DueRule[], now: number): Promise<void> {
  const names = new Set(due.filter(({ rule }) => trainingOf(rule) !== undefined).map(({ rule }) => rule.source));
  for (const name of names) {
    try {
      await followSource(ports, name, now);
    } catch (error) {
      // The rules are judged against the previous version; the next tick tries again.
      ports.log('error', 'Tocsin could not find out which version serves', { source: name, error: String(error) });
    }
  }
}

async function followSource(ports: Ports, name: string, now: number): Promise<void> {
  const source = ports.config.sources[name];
  if (source?.kind !== 'predictions' || source.promotion !== 'first traffic') return;
  const series = await seriesOf(ports, name);
  const seen = versionsIn(series);
  const known = await ports.store.serving(name);
  const fresh = newVersions(known, seen);
  if (fresh.length === 0) return;
  const modelVersion = await lastSeen(ports, series, fresh, now - source.retain - source.bucket, now + source.bucket);
  if (modelVersion !== undefined)
    await serve(ports, { source: name, modelVersion, how: 'first traffic', by: 'tocsin' }, seen, now);
}

/** Every stored training, and each source's served version. */
export async function trainingsOverview({ config, store }: Pick<Ports, 'config' | 'store'>): Promise<{
  trainings: TrainingRecord[];
  serving: ServingState[];
  accepted: AcceptedBaseline[];
}> {
  const names = sourcesOf(config, 'predictions').map(({ name }) => name);
  const [trainings, serving, accepted] = await Promise.all([
    Promise.all(names.map((name) => store.trainings(name))),
    Promise.all(names.map((name) => store.serving(name))),
    store.allAcceptedBaselines(),
  ]);
  return {
    trainings: trainings.flat(),
    serving: serving.filter((one) => one !== undefined),
    accepted: accepted.toSorted((a, b) => a.at - b.at || (a.fingerprint < b.fingerprint ? -1 : 1)),
  };
}

/**
 * A rollback returned a deployment to a version, which counts as served again where rules name the
 * rollback.
 */
export async function serveAfterRollback(ports: Ports, rollback: string, modelVersion: string, now: number): Promise<void> {
  const names = new Set<string>();
  for (const rule of Object.values(ports.config.rules)) {
    if (rule.rollback === rollback && isAsking(rule)) names.add(rule.source);
  }
  for (const source of names) {
    if (ports.config.sources[source]?.kind !== 'predictions' || (await ports.store.serving(source)) === undefined) continue;
    try {
      const seen = versionsIn(await seriesOf(ports, source));
      await serve(ports, { source, modelVersion, how: 'rolled back', by: 'tocsin' }, seen, now);
    } catch (error) {
      // The rollback itself worked. Somebody can promote the version by hand.
      ports.log('error', 'a rollback was carried out, and which version serves could not be noted', {
        source,
        error: String(error),
      });
    }
  }
}

const versionsIn = (series: readonly SeriesRef[]): string[] => [
  ...new Set(series.flatMap(({ labels }) => labels['version'] ?? [])),
];

async function seriesOf(ports: Ports, name: string): Promise<SeriesRef[]> {
  const source = ports.config.sources[name];
  if (source?.kind !== 'predictions') return [];
  return seriesOfModel(ports.store, name, source);
}

/** The version first seen last; within one bucket, the last by name. */
async function lastSeen(
  ports: Ports,
  series: readonly SeriesRef[],
  versions: readonly string[],
  from: number,
  to: number,
): Promise<string | undefined> {
  const groups = groupsOf(
    series.filter(({ labels }) => versions.includes(labels['version'] ?? '')),
    ({ version = '' }) => ({ version }),
  );
  if (groups.length === 1) return groups[0]?.labels['version'];
  const firstSeen = firstSeenOf(ports.store);
  await firstSeen.look(
    groups.map(({ members }) => ({ series: members, from: to })),
    from,
  );
  const order = groups.map(({ labels, members }) => ({
    version: labels['version'] ?? '',
    since: firstSeen.startOf(members) ?? Number.NEGATIVE_INFINITY,
  }));
  return order.sort((a, b) => a.since - b.since || (a.version < b.version ? -1 : 1)).at(-1)?.version;
}

/** Commits together: the state, its audit log entry, and a note on every affected open incident. */
async function serve(
  ports: Ports,
  request: { source: string; modelVersion: string; how: Promotion; by: string },
  seen: readonly string[],
  now: number,
): Promise<{ serving: ServingState; changed: boolean; text: string }> {
  let found: { serving: ServingState; changed: boolean; text: string } | undefined;
  await commitOrRetry(ports, async () => {
    const known = await ports.store.serving(request.source);
    const serving = promoted(known, request, seen, now);
    if (serving === undefined) {
      found = { serving: known as ServingState, changed: false, text: '' };
      return undefined;
    }
    const hasProfile = (await ports.store.training(request.source, request.modelVersion)) !== undefined;
    const text = promotionText(serving, hasProfile);
    found = { serving, changed: true, text };
    const told = await Promise.all(
      (await concerned(ports, request.source)).map((one) => commitOf(ports, noted(ports, one, text, now))),
    );
    return {
      commit: {
        writes: [{ kind: 'serving', value: serving, expected: known?.version ?? 0 }, ...told.flatMap(({ writes }) => writes)],
        timeline: told.flatMap(({ timeline }) => timeline),
        audit: [promotionEntry(serving, hasProfile)],
        effects: told.flatMap(({ effects }) => effects),
        done: [],
      },
      result: undefined,
    };
  });
  return found as NonNullable<typeof found>;
}

/** Open incidents with an alert pinned to a training baseline of this source. */
async function concerned(ports: Ports, source: string): Promise<Incident[]> {
  const open = await ports.store.incidents({ status: 'open', limit: mostLooked });
  const isOf = (ruleId: RuleId): boolean => {
    const rule = Object.hasOwn(ports.config.rules, ruleId) ? ports.config.rules[ruleId] : undefined;
    return rule !== undefined && sourceNameOf(rule) === source && trainingOf(rule) !== undefined;
  };
  const ids = open.filter(({ alerts }) => alerts.some(({ ruleId, state }) => state !== 'resolved' && isOf(ruleId)));
  const fresh = await Promise.all(ids.slice(0, mostTold).map(({ id }) => ports.store.incident(id)));
  return fresh.filter((one): one is Incident => one !== undefined && one.status !== 'resolved');
}

function noted(ports: Ports, incident: Incident, text: string, now: number) {
  const draft = draftOf(incident, ports.config, now);
  draft.note('promoted', `${text}; alerts that fire keep the baseline that they began with until they resolve`);
  return draft.finish();
}
