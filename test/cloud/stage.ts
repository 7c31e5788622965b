import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { deployedAt } from './deployed.ts';
import { pagerOn } from './pager.ts';
import { trafficTo } from './traffic.ts';
import type { Stage, World } from './world.ts';

/** What the app of the stand-in workspace has; the same for every stage. */
export const slackToken = 'xoxb-stand-in';

/**
 * Deploys bin/ with a config, stores its secrets as docs/deploy.md says, and subscribes someone to
 * its pages.
 */
export async function deployStage(world: World, name: string, config: string): Promise<Stage> {
  const { cdk, account, slack, emulatorUrl, scratch, math } = world;
  const out = join(scratch, `cdk.out-${name}`);
  const outputs = await cdk.deploy({ stage: name, config, slackApiUrl: slack.apiUrl, out });
  const keys = {
    ingest: randomBytes(16).toString('hex'),
    web: randomBytes(16).toString('hex'),
    signing: randomBytes(16).toString('hex'),
  };
  const values: Record<string, string> = {
    INGEST_KEY: keys.ingest,
    WEB_PASSWORD: keys.web,
    SLACK_SIGNING_SECRET: keys.signing,
    SLACK_BOT_TOKEN: slackToken,
  };
  // The output says which entries are needed; one that this lane does not know of is a failure
  // here.
  for (const entry of outputs.Secrets.split(' ')) {
    const value = values[entry.replace(`tocsin/${name}/`, '')];
    if (value === undefined) throw new Error(`the output Secrets lists ${entry}, which nobody has a value for`);
    await account.storeSecret(entry, value);
  }
  const pager = await pagerOn(account, outputs.PagesTopic, `pager-${name}`);
  const faults = await pagerOn(account, outputs.FaultsTopic, `faults-${name}`);
  const deployed = deployedAt(emulatorUrl, outputs, keys);
  return {
    name,
    keys,
    template: join(out, `Tocsin-${name}.template.json`),
    table: outputs.TableName,
    deployed,
    pager,
    faults,
    traffic: trafficTo(deployed, account, math),
  };
}
