import type { Alert } from './alert.ts';

type Beginning = Pick<Alert, 'state' | 'since' | 'breachedAt' | 'evaluatedAt' | 'reason' | 'excluded' | 'version'>;

/** What an alert that fires from now on begins with. */
export const firingFrom = (now: number): Beginning => ({
  state: 'firing',
  since: now,
  breachedAt: now,
  evaluatedAt: now,
  reason: '',
  excluded: [],
  version: 0,
});
