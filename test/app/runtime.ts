import type { Ports } from '../../app/ports/ports.ts';
import { everySource, type Source } from '../../app/ports/source.ts';
import { runtimePorts } from '../../app/runtime-ports.ts';
import { storedSources } from '../../app/sources/all-sources.ts';
import { type ConfigInput, configSchema } from '../../core/config/schema.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import type { Effect } from '../../core/response/outbox/effect.ts';
import type { PredictionRecord } from '../../core/telemetry/samples/records.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
/** Monday, on the hour. */
export const t0 = Date.UTC(2026, 0, 5, 9);

export type Runtime = { ports: Ports; entries: TimelineEntry[]; effects: Effect[]; logged: string[] };

const cell = { policy: 'all' };

/** A whole config from the parts that a test cares about. */
export const configOf = (part: Partial<ConfigInput>) =>
  configSchema.parse({
    settings: { groupWait: '0s', resolveDelay: '0s' },
    channels: { console: { terminal: true } },
    policies: { all: { tiers: [{ targets: [{ channel: 'console' }], ackWithin: '15m' }] } },
    matrix: { default: { warn: cell, critical: cell } },
    ...part,
  });

/** A source that nothing asks. */
const unused: Source = { query: () => Promise.reject(new Error('this source is not part of the test')) };

/**
 * The real stores and sources in memory; channels and hooks are not reached by evaluation and
 * ingestion.
 */
export function runtimeOf(part: Partial<ConfigInput>, more: Partial<Ports> = {}): Runtime {
  const store = more.store ?? sqliteStore({ path: ':memory:' });
  const entries: TimelineEntry[] = [];
  const effects: Effect[] = [];
  const logged: string[] = [];
  const ports: Ports = {
    ...runtimePorts(configOf(part)),
    store,
    sources: { ...everySource(unused), ...storedSources(store) },
    channels: {} as Ports['channels'],
    hooks: {} as Ports['hooks'],
    secrets: { get: async () => undefined },
    log: (_, message) => logged.push(message),
    observe: (newEntries, newEffects) => {
      entries.push(...newEntries);
      effects.push(...newEffects);
    },
    ...more,
  };
  return { ports, entries, effects, logged };
}

/** A record that says nothing but that 1 was predicted. */
export const predictionAt = (timestamp: number, more: Partial<PredictionRecord> = {}): PredictionRecord => ({
  id: undefined,
  timestamp,
  model: undefined,
  version: undefined,
  features: undefined,
  prediction: 1,
  score: undefined,
  label: undefined,
  ...more,
});
