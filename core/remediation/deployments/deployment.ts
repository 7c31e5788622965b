import type { IncidentId } from '../../vocabulary/ids.ts';
export type BreakerState = 'closed' | 'open' | 'half-open';

/** What Tocsin remembers of a deployment. */
export type DeploymentState = {
  name: string;
  breaker: BreakerState;
  openedAt?: number;
  /** The rollback that is running or being verified. */
  inFlight?: { requestId: string; incidentId: IncidentId; from: string; to: string; startedAt: number };
  /** Times of past automatic rollbacks, for their daily limit. */
  rolledBackAt: number[];
  /** Versions that were rolled back from; never a target again. */
  knownBad: { version: string; at: number; incidentId: IncidentId }[];
  /** What was seen to serve when somebody last looked. */
  sighting?: Sighting;
  /** For how long each version was seen to serve; see served.ts. */
  served?: { version: string; ms: number; lastAt: number }[];
  /** What was remembered could not be read: versions that are known to be bad are not known any more. Until a person rolls it back. */
  lost?: true;
  version: number;
};

/** `main` had more than half of the traffic. */
export type Sighting = { at: number; main: string; revision?: string };

/** A version and the share of the traffic that it gets, from 0 to 1. */
export type Share = { version: string; weight: number };

/** What a hook says is deployed. */
export type DeploymentView = {
  /** The version that serves, and that goes on serving when those beside it in `split` are taken out. */
  current: string;
  /** Who gets which share of the traffic, where it is not `current` alone. */
  split?: Share[];
  /** Opaque; handed back so that the provider refuses when it changed meanwhile. */
  revision?: string;
  /** Earlier versions that could be served instead, newest first. `deployedAt` says nothing of service. */
  candidates: { version: string; deployedAt?: number; servedMs?: number; compatible?: boolean; why?: string }[];
};

export const newDeployment = (name: string): DeploymentState => ({
  name,
  breaker: 'closed',
  rolledBackAt: [],
  knownBad: [],
  version: 0,
});

/** Stands in for a record that could not be read. */
export const lostDeployment = (name: string, version: number): DeploymentState => ({
  ...newDeployment(name),
  lost: true,
  version,
});
