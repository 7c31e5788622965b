import type { RegistryModel } from '../../core/telemetry/registries/poll.ts';
import type { PolledRegistry } from '../../core/telemetry/registries/registry-schema.ts';

/** Asks a model registry for its models. Throws an Error for people, which holds no secret. */
export type AskRegistry = (registry: PolledRegistry) => Promise<RegistryModel[]>;
