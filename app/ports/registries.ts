import type { AskedRun } from '../../core/telemetry/registries/asked-runs.ts';
import type { PolledMlflow } from '../../core/telemetry/registries/mlflow-schema.ts';
import type { RegistryModel } from '../../core/telemetry/registries/poll.ts';
import type { PolledRegistry } from '../../core/telemetry/registries/registry-schema.ts';

/** Asks a model registry for its models. Throws an Error for people, which holds no secret. */
export type AskRegistry = (registry: PolledMlflow) => Promise<RegistryModel[]>;

/**
 * Asks for the runs that have ended, of those that began since `from`, newest first. Throws
 * likewise.
 */
export type AskRuns = (registry: PolledRegistry, from: number) => Promise<AskedRun[]>;
