import { loadConfig } from '../../../core/config/load.ts';
import type { Config } from '../../../core/config/schema.ts';

const text = `
settings: { groupWait: 30s }
sources:
  flights: { kind: predictions, model: flight-delays, labels: { environment: production } }
rules:
  acc:
    source: flights
    query: { predictions: { metric: accuracy, over: 1d } }
    step: 1h
    category: performance
    degradation: { direction: drop, baseline: { fixed: 0.8 } }
    runbook: accuracy-drop
  nulls:
    source: flights
    query: { predictions: { metric: null_rate, over: 1h } }
    step: 1h
    category: data-quality
    threshold: { above: { critical: 0.2 } }
    labels: { team: data }
    runbook: accuracy-drop
responders:
  ana: { name: Ana, contacts: [{ terminal: true }, { sns: default }] }
  ben: { name: Ben, contacts: [{ terminal: true }] }
  boss: { name: Boss, contacts: [{ sns: default }] }
channels:
  all: { webhook: { url: https://example.com/pages, secret: PAGES_SECRET } }
schedules:
  ml: { timezone: Europe/Berlin, start: 2026-01-05T09:00, rotation: daily, responders: [ana, ben] }
policies:
  long:
    tiers:
      - { targets: [{ schedule: ml }, { channel: all }], ackWithin: 15m }
      - { targets: [{ responder: boss }], ackWithin: 30m }
    repeat: 2
    fallback: { channel: all }
    ackTimeout: 2h
  short: { tiers: [{ targets: [{ channel: all }], ackWithin: 8h }] }
matrix:
  performance: { critical: { policy: long, ackTarget: 15m, resolveTarget: 4h } }
  default: { warn: { policy: short }, critical: { policy: long, ackTarget: 1h } }
muteTimings:
  nights: { timezone: Europe/Berlin, match: { severity: warn, model: flight-delays }, windows: [{ from: '22:00', to: '06:00' }] }
`;

/** A config of its own for each test. */
export function exampleConfig(): Config {
  const loaded = loadConfig([{ path: 'example.yaml', text }], new Set(['accuracy-drop', 'source-failing']));
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
  return loaded.config;
}
