import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Finding } from '../../../cli/doctor/finding.ts';
import { run } from '../run.ts';
import type { Step } from '../steps.ts';
import type { Stage, World } from '../world.ts';

const root = join(import.meta.dirname, '../../..');

/**
 * `tocsin doctor --deployed` on what was deployed, as an operator runs it; and on roles that
 * somebody has changed.
 */
export function doctorStory(world: World, stage: () => Stage, config: string): Step[] {
  const doctor = async (...more: string[]): Promise<{ findings: Finding[]; status: number | null }> => {
    const where = ['--deployed', '--json', '--stage', stage().name, '--config', config, '--runbooks', join(root, 'runbooks')];
    const clock = ['--clock', 'http://127.0.0.1:9'];
    const args = [join(root, 'cli/tocsin.ts'), 'doctor', ...where, ...clock, '--page', 'channel/ops', ...more];
    const { output, status } = await run(process.execPath, args, { env: world.cliEnv });
    const lines = output.split('\n').filter((line) => line.startsWith('{'));
    assert.ok(lines.length > 0, output);
    return { findings: lines.map((line) => JSON.parse(line) as Finding), status };
  };
  const of = (findings: Finding[], area: Finding['area']): string[] =>
    findings.filter((one) => one.area === area).map(({ what, state, found }) => `${state} ${what}: ${found}`);
  const notWell = (lines: string[]): string[] => lines.filter((line) => !line.startsWith('ok '));

  return [
    {
      name: 'tocsin doctor --deployed finds stack, roles, hooks and targets well, rings an alarm, and follows an incident to a page',
      async work() {
        const { pager, faults, deployed } = stage();
        const before = (await pager.pages()).length;
        const { findings, status } = await doctor();
        for (const area of ['stack', 'secrets', 'targets', 'rollbacks', 'permissions', 'alarm', 'page'] as const) {
          assert.ok(of(findings, area).length > 0, `nothing was looked at: ${area}`);
          assert.deepEqual(notWell(of(findings, area)), []);
        }
        assert.equal(of(findings, 'permissions').length, 10);
        // The emulator has no Service Quotas, and leaves time to live off when CloudFormation turns
        // it on.
        assert.deepEqual(
          new Set(findings.flatMap(({ area, state }) => (state === 'unknown' ? [area] : []))),
          new Set(['quotas']),
        );
        const failed = findings.filter(({ state }) => state === 'failed');
        assert.deepEqual(
          failed.map(({ area, found }) => `${area}: ${found}`),
          ['aws: nothing expires (time to live is off)'],
        );
        assert.equal(status, 1);
        const pages = (await pager.pages()).slice(before);
        assert.equal(
          pages.filter(({ text }) => text.includes('asked for; there is nothing to do')).length,
          1,
          JSON.stringify(pages),
        );
        const rung = (await faults.pages()).filter(({ text }) => text.includes('a test by tocsin doctor'));
        assert.equal(rung.length, 1, 'whoever hears the faults of Tocsin heard a test');
        assert.deepEqual(await world.account.alarmsIn('ALARM', 'doctor'), [], 'it was put back');
        assert.deepEqual(await world.account.queuesNamed('-doctor-'), [], 'nothing that listened is left');
        assert.ok((await deployed.incidents('all')).every(({ title }) => !/Synthetic/.test(title)));
      },
    },
    {
      name: 'it notices a role that may too little, and one that may too much',
      async work() {
        const { name } = stage();
        const deny = { Effect: 'Deny', Action: 'dynamodb:Query', Resource: '*' };
        const scan = { Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' };
        const mend = [
          await world.account.changeRole(`Tocsin ${name}: takes records`, deny),
          await world.account.changeRole(`Tocsin ${name}: judges one rule on demand`, scan),
        ];
        const { findings } = await doctor('--no-ring');
        for (const undo of mend) await undo();
        const [ingest, judge] = ['ingest', 'judge'].map((what) =>
          findings.find((one) => one.area === 'permissions' && one.what === what),
        );
        assert.equal(ingest?.state, 'failed', ingest?.found);
        assert.match(ingest?.found ?? '', /may not, dynamodb:Query on /);
        assert.equal(judge?.state, 'warn', judge?.found);
        assert.match(judge?.found ?? '', /too wide: .*dynamodb:Scan/);
        assert.equal(notWell(of(findings, 'permissions')).length, 2);
      },
    },
  ];
}
