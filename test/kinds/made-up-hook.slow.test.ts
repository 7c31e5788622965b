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

const type = "export type EcsHook = { kind: 'ecs'; service: string };\n";

it(
  'a kind of rollback hook of which only the type is there does not compile, and the compiler names each table',
  () => {
    tree.write('core/remediation/hooks/kinds/ecs.ts', type);
    tree.edit(
      'core/remediation/hooks/hook.ts',
      'import { type LambdaAliasHook,',
      "import type { EcsHook } from './kinds/ecs.ts';\nimport { type LambdaAliasHook,",
    );
    tree.edit('core/remediation/hooks/hook.ts', 'export type Hook = ', 'export type Hook = EcsHook | ');
    const { ok, output } = tree.typecheck();
    expect(ok).toBe(false);
    expect(filesIn(output)).toEqual(['adapters/hooks.ts', 'core/remediation/hooks/hook.ts']);
  },
  timeout,
);

it(
  'with its descriptor and its adapter it does, in four files, and a rollback goes through it',
  () => {
    tree.write(
      'core/remediation/hooks/kinds/ecs.ts',
      `import * as z from 'zod';
import type { HookKindOf } from '../hook-kind.ts';

${type}
const written = z.strictObject({ service: z.string() }).describe('A service of ECS.');

export const ecsHook = {
  input: written,
  fromInput: ({ service }) => ({ kind: 'ecs', service }),
  secrets: () => [],
  permissions: () => [],
  awsFault: () => undefined,
} satisfies HookKindOf<EcsHook, typeof written>;
`,
    );
    tree.edit('core/remediation/hooks/hook.ts', 'import type { EcsHook }', 'import { type EcsHook, ecsHook }');
    tree.edit('core/remediation/hooks/hook.ts', '  webhook: webhookHook,\n', '  webhook: webhookHook,\n  ecs: ecsHook,\n');
    tree.write(
      'adapters/ecs/index.ts',
      `import type { Outside } from '../../app/ports/outside.ts';
import type { RollbackHook } from '../../app/ports/rollback-hook.ts';

export function openHook({ write }: Outside): RollbackHook<'ecs'> {
  let current = '2';
  return {
    async describe() {
      return { current, revision: '1', candidates: [{ version: '1', servedMs: 30 * 86_400_000, compatible: true }] };
    },
    async rollback(name, { hook: { service } }, { from, to }) {
      current = to;
      write(\`ecs returns \${service} of \${name} from \${from} to \${to}\`);
      return { providerId: 'deployment 7', already: false };
    },
  };
}
`,
    );
    tree.edit(
      'adapters/hooks.ts',
      '  webhook: async',
      "  ecs: async (outside) => (await import('./ecs/index.ts')).openHook(outside),\n  webhook: async",
    );
    expect(tree.typecheck()).toEqual({ ok: true, output: '' });
    expect(tree.touched()).toHaveLength(4);
    const story = storyScript(`rules: {
    slow: {
      source: 'pushed',
      query: { samples: { metric: 'latency' } },
      category: 'latency',
      runbook: 'latency-spike',
      rollback: 'model',
      threshold: { above: { critical: 200 } },
    },
  },
  deployments: { model: { hook: { ecs: { service: 'scorer' } } } },
  rollbacks: { model: { deployment: 'model', automatic: true } },`);
    const printed = tree.run(story).split('\n');
    expect(printed.filter((line) => line.startsWith('ecs'))).toEqual(['ecs returns scorer of model from 2 to 1']);
  },
  timeout,
);
