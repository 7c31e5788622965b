import type { AcceptedBaseline } from '../../core/detection/kinds/drift/accepted.ts';
import { sourceNameOf } from '../../core/detection/rules/rule-schema.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { countsOf, type HealthCounts, worseFirst } from '../../core/selfcheck/health/by-group.ts';
import type { RuleHealth } from '../../core/selfcheck/health/rule-health.ts';
import { profiledFeatures } from '../../core/telemetry/samples/profile-parts.ts';
import type { ServingState } from '../../core/telemetry/training/serving.ts';
import type { TrainingRecord } from '../../core/telemetry/training/training.ts';
import type { Ports } from '../ports/ports.ts';
import type { ModelSource } from './model-of.ts';
import { type Quality, qualityOf } from './model-quality.ts';
import { incidentsAbout, ownersOf, rulesAbout } from './models.ts';
import { readOpen } from './open-incidents.ts';
import { readRulesHealth } from './rules-health.ts';
import { type VersionSeen, versionsSeen } from './versions-seen.ts';

/** A version: in records, as the one that served, and as it was trained; at least one of these. */
export type ModelVersion = {
  version: string;
  serves: boolean;
  /** When it counted as the served one, the latest first. `until` is absent while it serves. */
  served: { since: number; until?: number }[];
  seen?: VersionSeen;
  training?: TrainingRecord;
};

export type ModelFound = {
  serving?: ServingState;
  versions: { total: number; shown: ModelVersion[] };
  features: number;
  rules: { total: number; counts: HealthCounts; shown: RuleHealth[] };
  incidents: { total: number; shown: Incident[] };
  accepted: { total: number; shown: AcceptedBaseline[] };
  quality: Quality;
  owners: string[];
};

const mostVersions = 30;
const mostRules = 60;
const mostIncidents = 20;
const mostAccepted = 40;

/** All that is known of one model. */
export async function readModel(
  ports: Pick<Ports, 'store' | 'config' | 'sha256' | 'inFlight'>,
  model: ModelSource,
  now: number,
): Promise<ModelFound> {
  const { store, config } = ports;
  const { name } = model;
  const [serving, trainings, seen, health, { open }, accepted, quality] = await Promise.all([
    store.serving(name),
    store.trainings(name),
    versionsSeen(store, model, now),
    readRulesHealth(ports),
    readOpen(ports),
    store.allAcceptedBaselines(),
    qualityOf(ports, model, now),
  ]);
  const rules = rulesAbout(health, model.model).sort(worseFirst);
  const incidents = incidentsAbout(open, model.model);
  const isOwn = ({ ruleId }: AcceptedBaseline): boolean => {
    const rule = Object.hasOwn(config.rules, ruleId) ? config.rules[ruleId] : undefined;
    return rule !== undefined && sourceNameOf(rule) === name;
  };
  const own = accepted.filter(isOwn).sort((a, b) => b.at - a.at);
  const versions = versionsOf(serving, trainings, seen);
  return {
    ...(serving !== undefined && { serving }),
    versions: { total: versions.length, shown: versions.slice(0, mostVersions) },
    features: profiledFeatures(model.source).length,
    rules: { total: rules.length, counts: countsOf(rules), shown: rules.slice(0, mostRules) },
    incidents: { total: incidents.length, shown: incidents.slice(0, mostIncidents) },
    accepted: { total: own.length, shown: own.slice(0, mostAccepted) },
    quality,
    owners: ownersOf(config, rules),
  };
}

/** The one that serves first, then by when they were last known of. */
function versionsOf(
  serving: ServingState | undefined,
  trainings: readonly TrainingRecord[],
  seen: readonly VersionSeen[],
): ModelVersion[] {
  const served = [
    ...(serving === undefined ? [] : [{ version: serving.modelVersion, since: serving.since }]),
    ...(serving?.before ?? []).map(({ modelVersion, since, until }) => ({ version: modelVersion, since, until })),
  ];
  const names = new Set([
    ...served.map(({ version }) => version),
    ...trainings.map(({ modelVersion }) => modelVersion),
    ...seen.map(({ version }) => version),
  ]);
  const lastOf = ({ served: times, seen: records, training }: ModelVersion): number =>
    Math.max(...times.map(({ since }) => since), records?.lastAt ?? 0, training?.pushedAt ?? 0);
  return [...names]
    .map((version): ModelVersion => {
      const records = seen.find((one) => one.version === version);
      const training = trainings.find(({ modelVersion }) => modelVersion === version);
      return {
        version,
        serves: serving?.modelVersion === version,
        served: served.filter((one) => one.version === version).map(({ version: _, ...times }) => times),
        ...(records !== undefined && { seen: records }),
        ...(training !== undefined && { training }),
      };
    })
    .sort((a, b) => Number(b.serves) - Number(a.serves) || lastOf(b) - lastOf(a) || (a.version < b.version ? -1 : 1));
}
