/**
 * `npm run test:cloud`: deploys bin/ with the real CDK into an emulator of an AWS account, and
 * drives what was deployed from outside. Needs Python 3.10, a Python package registry the first
 * time, and openssl; where they are missing it says so and is skipped. Ends with `N passed, N
 * failed`.
 *
 * What is not real: the account (ministack), Slack (a stand-in), metric math of CloudWatch (the
 * emulator has none; a stand-in fills it in), and the passing of minutes after the first page,
 * which the schedule of the stack brought: from then on evaluation is also started out of turn. The
 * schedules go on beside it.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { otlpReceiver } from '../contract/otlp-receiver.ts';
import { accountAt } from './account.ts';
import { cdkOn } from './cdk.ts';
import { type Emulator, freePort, startEmulator } from './emulator.ts';
import { metricMath } from './metric-math.ts';
import { virtualEnvironment } from './python.ts';
import { run } from './run.ts';
import { slackStandIn } from './slack-stand-in.ts';
import { deployStage, slackToken } from './stage.ts';
import { runSteps, type Step } from './steps.ts';
import { afterwards } from './stories/afterwards.ts';
import { doctorStory } from './stories/doctor.ts';
import { otlpStory } from './stories/otlp.ts';
import { pagingStory } from './stories/paging.ts';
import { remedyStory } from './stories/remedy.ts';
import { stagesStory } from './stories/stages.ts';
import { syntheticStory } from './stories/synthetic.ts';
import { upgradeStory } from './stories/upgrade.ts';
import type { Stage, World } from './world.ts';

const config = join(import.meta.dirname, 'config');

const python = await virtualEnvironment();
if (!python.ok) skip(python.missing);
const openssl = await run('openssl', ['version']).catch(() => undefined);
if (openssl?.status !== 0) skip('openssl');

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'tocsin-cloud-')));
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(1));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));

const port = await freePort();
const slack = await slackStandIn(slackToken);
const math = await metricMath(port);
const spans = await otlpReceiver();
let emulator: Emulator | undefined;
let one: Stage | undefined;
try {
  emulator = await startEmulator({ python: python.python, scratch, port, env: { AWS_ENDPOINT_URL_CLOUDWATCH: math.url } });
  const { url, log } = emulator;
  const world: World = {
    scratch,
    bin: python.bin,
    emulatorUrl: url,
    cliEnv: emulator.env,
    cdk: cdkOn(emulator, scratch),
    account: accountAt(url),
    slack,
    math,
    spans,
  };
  const { passed, failed, error } = await runSteps(wholeStory(world));
  if (error !== undefined) process.stdout.write(`\n${shown(error)}\n\nthe end of the emulator's log:\n${log()}\n`);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
  process.stdout.write(`${shown(error)}\n\n0 passed, 1 failed\n`);
  process.exitCode = 1;
} finally {
  one?.traffic.stop();
  await emulator?.stop();
  await Promise.all([slack.close(), math.close(), spans.close()]);
}

function wholeStory(world: World): Step[] {
  let acknowledged = '';
  const stage = (): Stage => {
    if (one === undefined) throw new Error('nothing is deployed yet');
    return one;
  };
  const beginning: Step[] = [
    { name: 'cdk bootstrap', work: () => world.cdk.bootstrap() },
    {
      name: 'cdk deploy of bin/, with its secrets stored as docs/deploy.md says',
      async work() {
        one = await deployStage(world, 'one', config);
      },
    },
    {
      name: 'cdk deploy of a model behind a Lambda alias, beside it',
      work: () => world.cdk.deployApp(`node ${join(import.meta.dirname, 'model-app.ts')}`, join(scratch, 'cdk.out-model')),
    },
  ];
  const remember = (incidentId: string): void => {
    acknowledged = incidentId;
  };
  return [
    ...beginning,
    ...syntheticStory(world, stage),
    ...pagingStory(world, stage, remember),
    ...otlpStory(world, stage),
    ...remedyStory(world, stage, () => acknowledged),
    ...doctorStory(world, stage, config),
    ...upgradeStory(world, stage, config),
    ...stagesStory(world, stage, config),
    ...afterwards(world, stage),
  ];
}

function skip(missing: string): never {
  process.stdout.write(`Skipped: test:cloud needs ${missing}, which is not here.\n\n0 passed, 0 failed\n`);
  process.exit(0);
}

function shown(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
