import type { Config } from '../../core/config/schema.ts';
import { sourcesOf } from '../../core/telemetry/sources/sources-of.ts';

/**
 * Whether something happens by time, even if no rule is due: external alerts end, heartbeats are
 * late, registries fail.
 */
export const isTimed = ({ sources, heartbeats, registries }: Pick<Config, 'sources' | 'heartbeats' | 'registries'>): boolean =>
  sourcesOf({ sources }, 'alerts').length + Object.keys(heartbeats).length + Object.keys(registries).length > 0;
