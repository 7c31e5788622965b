import { trainingOf } from '../../core/detection/learning.ts';
import type { Trained } from '../../core/telemetry/series.ts';
import type { SourceRequest } from '../ports/source.ts';
import type { Store } from '../ports/store.ts';

/**
 * For rules with a training baseline: which version serves, and what it was trained on. Each is
 * read once per answer.
 */
export type Trainings = {
  /** The version for series without a single one of their own; undefined if none serves yet. */
  servedOf(request: SourceRequest): string | undefined;
  of(version: string | undefined): Promise<Trained>;
};

export const asksTraining = ({ rule }: SourceRequest): boolean => trainingOf(rule) !== undefined;

export async function trainingsOf(
  store: Pick<Store, 'serving' | 'training'>,
  name: string,
  requests: readonly SourceRequest[],
): Promise<Trainings> {
  const asking = requests.filter(asksTraining);
  const served = asking.length === 0 ? undefined : (await store.serving(name))?.modelVersion;
  const known = new Map<string, Promise<Trained>>();
  return {
    servedOf: (request) => (asksTraining(request) && !ofOneVersion(request) ? served : undefined),
    async of(version) {
      if (version === undefined)
        return { ok: false, reason: `the served version of ${name} is unknown; set it with: tocsin baseline promote` };
      const trained = known.get(version) ?? read(store, name, version);
      known.set(version, trained);
      return trained;
    },
  };
}

const ofOneVersion = ({ rule: { query } }: SourceRequest): boolean =>
  query.predictions?.version !== undefined || query.predictions?.by.includes('version') === true;

async function read(store: Pick<Store, 'training'>, name: string, version: string): Promise<Trained> {
  const record = await store.training(name, version);
  if (record === undefined) return { ok: false, reason: `no training profile of version ${version} of ${name} was sent` };
  return { ok: true, record };
}

/** The version a series is about: from its label, the query, or the one that serves. */
export const versionOf = (request: SourceRequest, labels: Record<string, string>, trainings: Trainings): string | undefined =>
  labels['version'] ?? request.rule.query.predictions?.version ?? trainings.servedOf(request);
