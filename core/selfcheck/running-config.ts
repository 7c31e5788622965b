import type { Config } from '../config/schema.ts';
import type { Tenant } from '../vocabulary/tenant.ts';
import { syntheticConfig } from './synthetic/own-config.ts';

/** The config of a service that runs: as it was deployed, and by what its tenants live. */
export type RunningConfig = Config & {
  /** Absent where none ever is, as in a replay. */
  tenants?: Readonly<Record<Tenant, Config & { tenant: Tenant }>>;
  /** Rules of tenants, while they are judged. */
  tenantRules?: Readonly<Record<string, Tenant>>;
};

/** What a service runs with that was given this config. */
export const runningConfig = (config: Config): RunningConfig => ({ ...config, tenants: { synthetic: syntheticConfig(config) } });
