/**
 * A script for a copy of the tree: a latency of 250 ms comes, whose rule calls it critical, and two
 * minutes pass on a virtual clock with the adapters of one machine. What they write is printed.
 * `config`: parts of the config, as source text.
 */
export const storyScript = (config: string): string => `
import { sqliteStore } from './stores/sqlite/index.ts';
import { foldSamples } from './app/ingest/ingest.ts';
import { configSchema } from './core/config/schema.ts';
import { virtualClock } from './local/clock.ts';
import { environmentSecrets, localPorts } from './local/ports.ts';
import { virtualRun } from './local/run/virtual-run.ts';

const start = Date.UTC(2026, 0, 5, 9);
const duty = { policy: 'duty' };
const config = configSchema.parse({
  sources: { pushed: { kind: 'samples' } },
  rules: {
    slow: {
      source: 'pushed',
      query: { samples: { metric: 'latency' } },
      category: 'latency',
      runbook: 'latency-spike',
      threshold: { above: { critical: 200 } },
    },
  },
  responders: { ana: { name: 'Ana', contacts: [{ terminal: true }] } },
  policies: { duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '15m' }] } },
  matrix: { default: { warn: duty, critical: duty } },
  ${config}
});
const store = sqliteStore({ path: ':memory:' });
const write = (line) => console.log(line);
const log = (level, message, fields) => {
  if (level === 'error') console.log(level, message, JSON.stringify(fields));
};
const ports = localPorts({ config, store, secrets: environmentSecrets({}), log, observe: () => {}, write, colors: false });
if (config.sources.pushed !== undefined)
  await foldSamples(ports, 'pushed', [{ metric: 'latency', value: 250, timestamp: start, labels: {} }], 'first', start);
await virtualRun({ ports, clock: virtualClock(start), events: [], until: start + 120_000 });
await store.close();
`;

/** The files that an output of the type check names, each once. */
export const filesIn = (output: string): string[] =>
  [...new Set([...output.matchAll(/^(\S+?)\(\d+,\d+\): error/gm)].map(([, file = '']) => file))].toSorted();
