import type { AskRuns } from '../app/ports/registries.ts';
import type { Secrets } from '../app/ports/secrets.ts';
import { kfpRuns } from './kfp/index.ts';
import { mlflowRuns } from './mlflow/runs.ts';

/** Asks servers of every kind for the runs that have ended. */
export const registryRuns =
  (secrets: Secrets): AskRuns =>
  async (registry, from) => {
    switch (registry.kind) {
      case 'kfp':
        return kfpRuns(registry, from, secrets);
      case 'mlflow':
        return mlflowRuns(registry, from, secrets);
    }
  };
