import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatConfigError, loadConfig } from '../../core/config/load.ts';
import { ruleKindNames } from '../../core/detection/kinds/written.ts';

const docOf = (name: string): string => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8');
const yamlIn = (doc: string): string[] => [...doc.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => yaml ?? '');
const text = docOf('judging.md');
const blocks = yamlIn(text);
const base = `
sources:
  flights: { kind: predictions, model: flight-delays }
  pushed: { kind: samples, retain: 60d }
matrix:
  default: { warn: { policy: all }, critical: { policy: all } }
policies:
  all: { tiers: [{ targets: [{ channel: console }], ackWithin: 15m }] }
channels:
  console: { terminal: true }
`;
const runbooks = new Set(
  'accuracy-drop null-spike latency-spike prediction-volume no-data schema-violation source-failing'.split(' '),
);

describe('the examples of docs/judging.md and docs/evidence.md', () => {
  test.each([...blocks, ...yamlIn(docOf('evidence.md'))])('%s', (yaml) => {
    const loaded = loadConfig(
      [
        { path: 'judging.md', text: yaml },
        { path: 'base.yaml', text: base },
      ],
      runbooks,
    );
    expect(loaded.ok ? [] : loaded.errors.map(formatConfigError)).toEqual([]);
  });

  test('tell of every kind of rule', () => {
    for (const kind of ruleKindNames) expect(text).toContain(`\n## ${kind}\n`);
    for (const kind of ruleKindNames) expect(blocks.join('')).toContain(`${kind}:`);
  });
});
