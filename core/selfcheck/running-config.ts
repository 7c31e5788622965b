import type { Config } from '../config/schema.ts';
import type { Tenant } from '../vocabulary/tenant.ts';
import { syntheticConfig } from './synthetic/own-config.ts';

/** The config of a running service: as deployed, plus the configs of its tenants. */
export type RunningConfig = Config & {
  /** Absent where there are no tenants, as in a replay. */
  tenants?: Readonly<Record<Tenant, Config & { tenant: Tenant }>>;
  /** Rules of tenants, while they are judged. */
  tenantRules?: Readonly<Record<string, Tenant>>;
};

/** The running config made from this config. */
export const runningConfig = (config: Config): RunningConfig => ({ ...config, tenants: { synthetic: syntheticConfig(config) } });
