import * as z from 'zod';
import { type KfpConfig, kfpSchema } from './kfp-schema.ts';
import { type MlflowConfig, mlflowSchema, type PolledMlflow } from './mlflow-schema.ts';

export const registrySchema = z.discriminatedUnion('kind', [mlflowSchema, kfpSchema]);

export type RegistryConfig = MlflowConfig | KfpConfig;

export type PolledRegistry = PolledMlflow | KfpConfig;

/** Whether the server is asked. */
export function isPolled(registry: RegistryConfig): registry is PolledRegistry {
  switch (registry.kind) {
    case 'mlflow':
      return registry.url !== undefined && registry.poll;
    case 'kfp':
      return true;
  }
}

/** Those that are asked, by name. */
export const polledRegistries = ({ registries }: { registries: Readonly<Record<string, RegistryConfig>> }) =>
  Object.entries(registries).flatMap(([name, registry]): { name: string; registry: PolledRegistry }[] =>
    isPolled(registry) ? [{ name, registry }] : [],
  );

/** The secrets that asking takes. */
export const pollSecrets = (registry: RegistryConfig): string[] =>
  isPolled(registry) ? [registry.basic?.password, registry.bearer].filter((name) => name !== undefined) : [];

/** The secrets with which it signs what it sends. */
export const webhookSecretOf = (registry: RegistryConfig | undefined): string | undefined =>
  registry?.kind === 'mlflow' ? registry.webhookSecret : undefined;

/** The source of alerts that its runs go to. */
export function runsSourceOf(registry: RegistryConfig): { source: string; lookback: number } | undefined {
  switch (registry.kind) {
    case 'mlflow':
      return registry.runs;
    case 'kfp':
      return registry;
  }
}
