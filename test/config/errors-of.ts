import { formatConfigError, loadConfig } from '../../core/config/load.ts';

/**
 * Everything that a config must have, and people, sources and runbooks for fragments to refer to.
 */
export const base = `
sources:
  flights: { kind: predictions, model: flight-delays, features: [distance, origin] }
  cpu: { kind: samples }
  apps: { kind: otlp }
  aws: { kind: cloudwatch }
responders:
  ana: { name: Ana, contacts: [{ terminal: true }] }
policies:
  plain: { tiers: [{ targets: [{ responder: ana }], ackWithin: 5m }] }
matrix:
  default: { warn: { policy: plain }, critical: { policy: plain } }
`;

export const runbooks = new Set(['accuracy-drop', 'null-spike', 'source-failing']);

/** The errors of a fragment beside the base, as a person sees them. */
export function errorsOf(...texts: string[]): string[] {
  const files = texts.map((text, index) => ({ path: index === 0 ? 'f.yaml' : `g${index}.yaml`, text }));
  const loaded = loadConfig([...files, { path: 'base.yaml', text: base }], runbooks);
  return loaded.ok ? [] : loaded.errors.map(formatConfigError);
}

/** A rule with more keys, and other ones instead of its own. */
export function rule(keys: Record<string, string>): string {
  const all = {
    source: 'flights',
    query: '{ predictions: { metric: accuracy, over: 24h } }',
    step: '1h',
    category: 'performance',
    threshold: '{ below: { warn: 0.7 } }',
    runbook: 'accuracy-drop',
    ...keys,
  };
  const lines = Object.entries(all).map(([key, value]) => `    ${key}: ${value}`);
  return `rules:\n  acc:\n${lines.join('\n')}\n`;
}
