import type { Config } from '../core/config/schema.ts';

/**
 * The config without what is missed when nobody sends: heartbeats, watchdogs and registries. In a
 * replay or a test of rules nobody does, and a page about that would say nothing about the rules.
 */
export const withoutSenders = <C extends Pick<Config, 'sources' | 'heartbeats' | 'registries'>>(config: C): C => ({
  ...config,
  heartbeats: {},
  registries: {},
  sources: Object.fromEntries(
    Object.entries(config.sources).map(([name, source]) => [
      name,
      source.kind === 'alerts' ? { ...source, watchdog: undefined } : source,
    ]),
  ),
});
