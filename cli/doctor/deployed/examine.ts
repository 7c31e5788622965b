import type { Config } from '../../../core/config/schema.ts';
import { checkClock } from '../clock.ts';
import type { Finding } from '../finding.ts';
import { checkRecords } from '../quarantine.ts';
import { checkHooks, portsFor, secretPlace, stageSecrets, tableStore } from '../run.ts';
import { checkSecrets } from '../secrets.ts';
import { checkTable } from '../table.ts';
import { checkTargets } from '../targets.ts';
import { awsClients } from './clients.ts';
import { asSeenFromHere } from './look.ts';
import type { Paged } from './page.ts';
import { told } from './places.ts';
import { lookAtDeployed, tryDeployed } from './run.ts';
import { findStack } from './stack.ts';
import type { Watch } from './watch.ts';

export type DeployedOptions = {
  stage: string;
  /** The CloudFormation stack, if it is not `Tocsin-STAGE`. */
  stack?: string | undefined;
  clock: string;
  ring: boolean;
  page: Paged | undefined;
  withinMs: number;
};

/**
 * Looks at a deployment from outside, with the credentials of this terminal; then rings one of its
 * alarms, and follows an incident to a page.
 */
export async function examineDeployed(config: Config, options: DeployedOptions, watch: Watch): Promise<Finding[]> {
  const { stage } = options;
  const clients = awsClients();
  const { findings, stack } = await findStack(clients, { name: options.stack ?? `Tocsin-${stage}`, stage });
  const clock = checkClock(options.clock, watch.now);
  const table = stack && told(stack, 'TOCSIN_TABLE');
  // Everything else is found through the stack.
  if (stack === undefined || table === undefined) return [...findings, await clock];
  const secrets = await stageSecrets(stage);
  const store = await tableStore(table);
  try {
    const now = watch.now();
    const ports = portsFor(config, secrets, store);
    const deployed = { clients, stack, stage };
    const looked = await Promise.all([
      checkSecrets(config, secrets, secretPlace(stage)),
      checkTargets(config, secrets, now, told(stack, 'TOCSIN_SLACK_API_URL'), told(stack, 'TOCSIN_TOPIC')),
      checkHooks(ports, secrets),
      clock.then((one) => [one]),
      checkTable(table),
      checkRecords(store, table, now).then((one) => [one]),
      lookAtDeployed(deployed, config, store, now),
    ]);
    return [...findings, ...looked.flat().map(asSeenFromHere), ...(await tryDeployed(deployed, ports, options, watch))];
  } finally {
    await store.close();
  }
}
