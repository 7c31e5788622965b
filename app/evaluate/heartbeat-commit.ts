import type { Heartbeat } from '../../core/alerting/heartbeats/heartbeat.ts';
import type { Write } from '../ports/commit.ts';

/**
 * A heartbeat is a commit of its own: its alert follows from it, at the latest at the next tick.
 */
export const heartbeatCommit = (heartbeat: Heartbeat): { writes: Write[]; timeline: []; effects: []; done: [] } => ({
  writes: [{ kind: 'heartbeat', value: { ...heartbeat, version: heartbeat.version + 1 }, expected: heartbeat.version }],
  timeline: [],
  effects: [],
  done: [],
});
