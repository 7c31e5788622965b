import type { DetectionConfig } from '../detection/config.ts';
import type { Correlation, Dependency } from './correlation/dependency-schema.ts';
import type { Inhibition } from './inhibitions/inhibition-schema.ts';
import type { MuteTiming } from './mute-timings/mute-timing-schema.ts';
import type { AlertRoute } from './routes/route.ts';

/** How alerts are grouped and correlated. */
export type GroupingConfig = {
  settings: { groupBy: string[]; correlation: Correlation; traceUrl?: string | undefined };
  dependencies: Record<string, Dependency>;
};

/** The part of the config that alerts depend on. */
export type AlertingConfig = DetectionConfig &
  GroupingConfig & { inhibitions: Inhibition[]; muteTimings: Record<string, MuteTiming>; routes: readonly AlertRoute[] };
