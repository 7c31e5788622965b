import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyOfTree, type TreeCopy } from './tree-copy.ts';

/**
 * A rule kind as a new contributor would add it, by CONTRIBUTING alone: `plateau`, which breaches
 * where the latest points all have one value. Each step is one that CONTRIBUTING names.
 */
const schema = `import * as z from 'zod';
import { writtenKind } from '../../rules/written-kind.ts';

const plateauSchema = z
  .strictObject({ points: z.int().min(2).describe('Critical where so many points in a row have one value.') })
  .describe('Judge by whether the value has stopped moving.');

export const writtenPlateau = writtenKind({ schema: plateauSchema, judges: 'points', countsPoints: false, tests: false, recovers: false });
`;

const judge = `import type { Point } from '../../../telemetry/series.ts';
import type { JudgeContext } from '../../context.ts';
import { metricName } from '../../points/metric-name.ts';
import { cleanPoints } from '../../points/points.ts';
import type { RuleOf } from '../../rules/rule-schema.ts';
import type { Verdict } from '../../verdict.ts';

export function judgePlateau(rule: RuleOf<'plateau'>, points: readonly Point[], { now, to }: JudgeContext): Verdict {
  const wanted = rule.plateau.points;
  const latest = cleanPoints(points).filter(({ at }) => at <= to).slice(-wanted);
  const point = latest.at(-1);
  const metric = metricName(rule.query);
  if (point === undefined) return { status: 'no data', at: now, reason: \`no data: \${metric} has no point\`, judged: false };
  const stands = latest.length === wanted && latest.every(({ value }) => value === point.value);
  const reason = stands ? \`\${metric} has been \${point.value} for \${wanted} points\` : \`\${metric} moves\`;
  return { status: stands ? 'critical' : 'ok', at: now, reason, point, breaching: stands ? 1 : 0, looked: 1, judged: true };
}
`;

const kind = `import { learnsNothing } from '../../rules/learns-nothing.ts';
import type { RuleKindOf } from '../../rules/rule-kind.ts';
import { judgePlateau } from './judge.ts';

export const plateau: RuleKindOf<'plateau'> = {
  ...learnsNothing,
  judge: judgePlateau,
  memory: 'none',
  silence: 'by noData',
  standing: () => undefined,
  history: (rule) => (rule.plateau.points + 1) * rule.step,
  spans: (rule) => [{ at: ['plateau', 'points'], ms: rule.plateau.points * rule.step }],
  settles: () => 0,
  recovery: () => [{ severity: 'critical', begins: 'a value that stands still', ends: 'one that moves' }],
  testing: () => undefined,
  pointTests: () => [],
  severities: () => ['critical'],
  expected: () => ({ ok: false, reason: 'values that move do not stand still by chance' }),
  assumed: () => undefined,
  checkSource: () => {},
  asAlarms: () => ({ alarms: 1, spans: 1, isAnomaly: false, countsPoints: false }),
  plotted: () => ({}),
};
`;

const folder = 'core/detection/kinds/plateau';
const written = 'core/detection/kinds/written.ts';
const table = 'core/detection/kinds/table.ts';

/** Types of the whole tree, on a machine that does other things as well. */
const timeout = 300_000;

/** Loads a config with a rule of the kind, and judges by it. */
const use = `import { loadConfig } from './core/config/load.ts';
import { judge, rangeNeeded } from './core/detection/judge.ts';
import { isAsking } from './core/detection/rules/rule-schema.ts';

const text = \`
settings: {}
sources: { pushed: { kind: samples } }
rules:
  stuck:
    source: pushed
    query: { samples: { metric: pressure } }
    category: data-quality
    runbook: stuck
    plateau: { points: 3 }
channels: { room: { webhook: { url: 'https://example.com/hook', secret: HOOK_SECRET } } }
policies: { page: { tiers: [{ targets: [{ channel: room }], ackWithin: 5m }] } }
matrix: { default: { warn: { policy: page }, critical: { policy: page } } }
\`;
const loaded = loadConfig([{ path: 'a.yaml', text }], [{ name: 'stuck' }, { name: 'source-failing' }]);
if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
const rule = loaded.config.rules['stuck'];
if (rule === undefined || !isAsking(rule)) throw new Error('expected a rule that asks');
const at = (minutes) => minutes * 60_000;
const verdict = (values) => judge(rule, values.map((value, i) => ({ at: at(i + 1), value })), { now: at(values.length), to: at(values.length) });
console.log(JSON.stringify({
  kind: rule.kind,
  own: rule.plateau,
  looksBack: rangeNeeded(rule),
  stuck: verdict([1, 7, 7, 7]),
  moving: verdict([1, 7, 7, 8]),
}));
`;

describe('a made-up rule kind', () => {
  let tree: TreeCopy;
  beforeAll(() => {
    tree = copyOfTree();
  });
  afterAll(() => tree.remove());

  it(
    'does not compile with its schema alone: the table has to know it',
    () => {
      tree.write(`${folder}/schema.ts`, schema);
      tree.edit(
        written,
        'import { writtenThreshold',
        "import { writtenPlateau } from './plateau/schema.ts';\nimport { writtenThreshold",
      );
      tree.edit(written, '  composite: writtenComposite,', '  plateau: writtenPlateau,\n  composite: writtenComposite,');
      const { ok, output } = tree.typecheck();
      expect(ok).toBe(false);
      expect(output).toContain(`${table}(`);
      expect(output).toMatch(/Property 'plateau' is missing in type .* but required in type/);
    },
    timeout,
  );

  it(
    'compiles once its folder and its line in the table are there, and is judged',
    () => {
      tree.write(`${folder}/judge.ts`, judge);
      tree.write(`${folder}/kind.ts`, kind);
      tree.edit(table, 'import { rateOfChange }', "import { plateau } from './plateau/kind.ts';\nimport { rateOfChange }");
      tree.edit(table, '  anomaly,\n  composite,', '  anomaly,\n  plateau,\n  composite,');
      expect(tree.typecheck()).toEqual({ ok: true, output: '' });
      expect(JSON.parse(tree.run(use))).toMatchObject({
        kind: 'plateau',
        own: { points: 3 },
        looksBack: 4 * 60_000,
        stuck: { status: 'critical', reason: 'pressure has been 7 for 3 points' },
        moving: { status: 'ok', reason: 'pressure moves' },
      });
    },
    timeout,
  );

  it('is described by the files that are generated', () => {
    expect(tree.run("await import('./scripts/generate.ts');")).toBe('wrote config/tocsin.schema.json\nwrote docs/config.md\n');
    const reads = "import { readFileSync } from 'node:fs'; console.log(readFileSync('docs/config.md', 'utf8'));";
    expect(tree.run(reads)).toContain('`plateau.points` | whole number');
  });

  it('touches five files of code', () => {
    expect(tree.touched()).toEqual([`${folder}/judge.ts`, `${folder}/kind.ts`, `${folder}/schema.ts`, table, written]);
  });
});
