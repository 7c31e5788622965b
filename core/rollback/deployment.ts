export type BreakerState = 'closed' | 'open' | 'half-open';

/** What Tocsin remembers of a deployment. */
export type DeploymentState = {
  name: string;
  breaker: BreakerState;
  openedAt?: number;
  /** The rollback that is running or being verified. */
  inFlight?: { requestId: string; incidentId: string; from: string; to: string; startedAt: number };
  /** Times of past rollbacks, for the daily limit. */
  rolledBackAt: number[];
  /** Versions that were rolled back from; never a target again. */
  condemned: { version: string; at: number; incidentId: string }[];
  version: number;
};

/** What a hook says is deployed. */
export type DeploymentView = {
  current: string;
  /** Opaque; handed back so that the provider refuses when it changed meanwhile. */
  revision?: string;
  /** Versions that could be served instead, newest first. */
  candidates: { version: string; deployedAt?: number; servedMs?: number; compatible?: boolean; why?: string }[];
};

export const newDeployment = (name: string): DeploymentState => ({
  name,
  breaker: 'closed',
  rolledBackAt: [],
  condemned: [],
  version: 0,
});
