import assert from 'node:assert/strict';
import { join } from 'node:path';
import { run } from '../run.ts';
import type { Step } from '../steps.ts';
import type { Stage, World } from '../world.ts';

/**
 * Findings that stay: the CDK writes a function's dependency on its role down twice, as a reference
 * and by name, which is superfluous and harmless.
 */
const accepted = new Set(['W3005']);

/** What must hold of the whole, once everything has happened. */
export function afterwards(world: World, stage: () => Stage): Step[] {
  return [
    {
      name: 'every page came once',
      async work() {
        const keys = (await stage().pager.pages()).map(({ key }) => key);
        assert.ok(keys.length > 0);
        assert.deepEqual(keys.toSorted(), [...new Set(keys)].toSorted());
        assert.deepEqual(world.slack.refused, []);
      },
    },
    {
      name: 'no message lies in a dead-letter queue',
      async work() {
        const depths = await world.account.deadLetters(stage().name);
        assert.equal(depths.length, 6);
        assert.deepEqual(
          depths.filter(({ messages }) => messages !== 0),
          [],
        );
      },
    },
    {
      name: 'cfn-lint finds nothing in the template',
      async work() {
        const { output } = await run(join(world.bin, 'cfn-lint'), [
          '--format',
          'json',
          '--regions',
          'eu-central-1',
          'us-east-1',
          '--',
          stage().template,
        ]);
        const findings = JSON.parse(output) as { Rule: { Id: string }; Message: string; Level: string }[];
        const counts = new Map<string, number>();
        for (const { Rule } of findings) counts.set(Rule.Id, (counts.get(Rule.Id) ?? 0) + 1);
        for (const [id, count] of counts)
          process.stdout.write(`        cfn-lint: ${count} of ${id}${accepted.has(id) ? ', accepted' : ''}\n`);
        assert.deepEqual(
          findings.filter(({ Rule }) => !accepted.has(Rule.Id)).map(({ Rule, Message }) => `${Rule.Id}: ${Message}`),
          [],
        );
      },
    },
  ];
}
