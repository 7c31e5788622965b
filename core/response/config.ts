import type { AlertingConfig } from '../alerting/config.ts';
import type { Flapping } from '../detection/rules/flapping-schema.ts';
import type { RemediationConfig } from '../remediation/config.ts';
import type { Tenant } from '../vocabulary/tenant.ts';
import type { Contact } from './contacts/contact.ts';
import type { Matrix } from './escalation/matrix-schema.ts';
import type { Policy } from './escalation/policy-schema.ts';
import type { Route } from './escalation/route-schema.ts';
import type { Responder } from './oncall/responder-schema.ts';
import type { Schedule } from './oncall/schedule-schema.ts';

/** Milliseconds. core/config/settings-schema.ts explains each one. */
type ResponseSettings = {
  publicUrl: string;
  groupWait: number;
  groupInterval: number;
  reopenWindow: number;
  resolveDelay: number;
  flapping: Flapping;
};

/** The configs of tenants, if there are any. */
type Tenanted<C> = { tenants?: Readonly<Record<Tenant, C>>; tenant?: Tenant | undefined };

/** The config that applies to an alert or incident: its tenant's, or the team's. */
export function configOf<C extends Tenanted<C>>({ tenant }: { tenant?: Tenant | undefined }, config: C): C {
  if (tenant === config.tenant) return config;
  const own = tenant === undefined ? undefined : config.tenants?.[tenant];
  if (own === undefined) throw new Error(`there is no config for ${tenant === undefined ? 'the team' : `the tenant ${tenant}`}`);
  return own;
}

/** The part of the config that incidents, escalation and paging depend on. */
export type ResponseConfig = AlertingConfig &
  RemediationConfig & {
    settings: ResponseSettings;
    responders: Record<string, Responder>;
    schedules: Record<string, Schedule>;
    channels: Record<string, Contact>;
    policies: Record<string, Policy>;
    matrix: Matrix;
    routes: readonly Route[];
    /** Whose config this is, if not the team's. */
    tenant?: Tenant | undefined;
    tenants?: Readonly<Record<Tenant, ResponseConfig>>;
  };
