import type { IncidentId } from '../../vocabulary/ids.ts';
export type BreakerState = 'closed' | 'open' | 'half-open';

/** What Tocsin remembers about a deployment. */
export type DeploymentState = {
  name: string;
  breaker: BreakerState;
  openedAt?: number;
  /** The rollback that is running or being verified. */
  inFlight?: { requestId: string; incidentId: IncidentId; from: string; to: string; startedAt: number };
  /** Times of past automatic rollbacks, for the daily limit. */
  rolledBackAt: number[];
  /** Known-bad versions: rolled back from, never a target again. */
  knownBad: { version: string; at: number; incidentId: IncidentId }[];
  /** What served when it was last checked. */
  sighting?: Sighting;
  /** How long each version was observed serving; see served.ts. */
  served?: { version: string; ms: number; lastAt: number }[];
  /**
   * The record could not be read, so known-bad versions are unknown. Set until a person rolls it
   * back.
   */
  lost?: true;
  version: number;
};

/** `main` had more than half of the traffic. */
export type Sighting = { at: number; main: string; revision?: string };

/** A version and its share of the traffic, 0 to 1. */
export type Share = { version: string; weight: number };

/** What a hook reports as deployed. */
export type DeploymentView = {
  /** The version that serves, and keeps serving when those beside it in `split` are removed. */
  current: string;
  /** Traffic shares, unless `current` gets everything. */
  split?: Share[];
  /** Opaque. Returned to the provider, which refuses if it has changed meanwhile. */
  revision?: string;
  /** Earlier versions that could serve instead, newest first. `deployedAt` proves no service. */
  candidates: { version: string; deployedAt?: number; servedMs?: number; compatible?: boolean; why?: string }[];
};

export const newDeployment = (name: string): DeploymentState => ({
  name,
  breaker: 'closed',
  rolledBackAt: [],
  knownBad: [],
  version: 0,
});

/** Replaces a record that could not be read. */
export const lostDeployment = (name: string, version: number): DeploymentState => ({
  ...newDeployment(name),
  lost: true,
  version,
});
