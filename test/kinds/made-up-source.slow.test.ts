import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesIn, storyScript } from './story-script.ts';
import { copyOfTree, type TreeCopy } from './tree-copy.ts';

/** The types of the whole tree take ten seconds to check where the machine is quiet. */
const timeout = 300_000;

let tree: TreeCopy;
beforeAll(() => {
  tree = copyOfTree();
}, timeout);
afterAll(() => tree.remove());

it(
  'a kind of source of which only the type is there does not compile, and the compiler names its table',
  () => {
    tree.write(
      'core/telemetry/sources/kinds/graphite.ts',
      "export type GraphiteSourceConfig = { kind: 'graphite'; site: string; labels: Record<string, string> };\n",
    );
    tree.edit(
      'core/telemetry/sources/source.ts',
      'import { type PredictionsSourceConfig,',
      "import type { GraphiteSourceConfig } from './kinds/graphite.ts';\nimport { type PredictionsSourceConfig,",
    );
    tree.edit(
      'core/telemetry/sources/source.ts',
      'export type SourceConfig =\n',
      'export type SourceConfig =\n  | GraphiteSourceConfig\n',
    );
    const { ok, output } = tree.typecheck();
    expect(ok).toBe(false);
    expect(filesIn(output)).toContain('core/telemetry/sources/source.ts');
  },
  timeout,
);

it(
  'with its descriptor alone it does not compile either: nobody asks it',
  () => {
    tree.write(
      'core/telemetry/sources/kinds/graphite.ts',
      `import * as z from 'zod';
import type { SourceKindOf } from '../source-kind.ts';

const graphiteSource = z.strictObject({
  kind: z.literal('graphite').describe('Metrics of Graphite.'),
  site: z.string().describe('Such as graphitehq.eu.'),
  labels: z.record(z.string(), z.string()).prefault({}).describe('Labels of every series.'),
});

export type GraphiteSourceConfig = z.output<typeof graphiteSource>;

export const graphiteKind = {
  schema: graphiteSource,
  query: z.strictObject({ query: z.string() }).describe('For a source of the kind graphite.'),
  readFrom: 'outside',
  requestsACall: 100,
  lag: () => 0,
  buckets: () => undefined,
  takes: [],
  modelLabel: () => ({}),
  fixedLabels: (source) => source.labels,
  otherLabels: () => 'any',
  stepFault: () => undefined,
  keeps: () => undefined,
  permissions: () => [],
  secrets: () => [],
  hint: 'check the site and the key',
} satisfies SourceKindOf<GraphiteSourceConfig, typeof graphiteSource>;
`,
    );
    tree.edit(
      'core/telemetry/sources/source.ts',
      'import type { GraphiteSourceConfig }',
      'import { type GraphiteSourceConfig, graphiteKind }',
    );
    tree.edit(
      'core/telemetry/sources/source.ts',
      '  alerts: alertsKind,\n',
      '  alerts: alertsKind,\n  graphite: graphiteKind,\n',
    );
    expect(filesIn(tree.typecheck().output)).toEqual(['adapters/sources.ts']);
  },
  timeout,
);

it(
  'with its adapter it does, in four files, and a rule asks it',
  () => {
    tree.write(
      'adapters/graphite/index.ts',
      `import type { Outside } from '../../app/ports/outside.ts';
import type { Source } from '../../app/ports/source.ts';

export const openSource = (_outside: Outside): Source<'graphite'> => ({
  async query(_name, { labels }, requests) {
    return requests.map(({ to }) => ({ ok: true, series: [{ labels, points: [{ at: to, value: 250 }] }] }));
  },
});
`,
    );
    tree.edit(
      'adapters/sources.ts',
      '  cloudwatch: async',
      "  graphite: async (outside) => (await import('./graphite/index.ts')).openSource(outside),\n  cloudwatch: async",
    );
    expect(tree.typecheck()).toEqual({ ok: true, output: '' });
    expect(tree.touched()).toHaveLength(4);
    const story = storyScript(`sources: { metrics: { kind: 'graphite', site: 'graphitehq.eu', labels: { model: 'm' } } },
  rules: {
    slow: {
      source: 'metrics',
      query: { graphite: { query: 'avg:latency{*}' } },
      category: 'latency',
      runbook: 'latency-spike',
      threshold: { above: { critical: 200 } },
    },
  },`);
    expect(tree.run(story)).toMatch(/critical.*page to responder\/ana.*triggered/i);
  },
  timeout,
);
