import type { ProcessFacts } from '../core/selfcheck/metrics/process-families.ts';

/** What this process uses now. */
export function processUsage(): ProcessFacts {
  const { user, system } = process.cpuUsage();
  return {
    residentBytes: process.memoryUsage.rss(),
    cpuSeconds: (user + system) / 1e6,
    startedAt: performance.timeOrigin,
  };
}
