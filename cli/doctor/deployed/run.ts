import type { Ports } from '../../../app/ports/ports.ts';
import type { Store } from '../../../app/ports/store.ts';
import { readNotes } from '../../../app/selfcheck/vitals.ts';
import { changesBetween, markOf } from '../../../core/config/mark.ts';
import type { Config } from '../../../core/config/schema.ts';
import { configNote } from '../../../core/config/stored-mark.ts';
import { healthOf } from '../../../core/selfcheck/vitals/vitals.ts';
import type { Finding } from '../finding.ts';
import { ringAlarm } from './alarm.ts';
import type { AwsClients } from './clients.ts';
import { looked, some, unseen } from './look.ts';
import { followSynthetic, type Paged, pageTarget } from './page.ts';
import { checkPermissions } from './permissions.ts';
import { placesOf } from './places.ts';
import { checkQuotas } from './quotas.ts';
import { checkDeployedSources } from './sources.ts';
import type { DeployedStack } from './stack.ts';
import type { Watch } from './watch.ts';

export type Deployed = { clients: AwsClients; stack: DeployedStack; stage: string };

/** All that is looked at and changes nothing: what was deployed, from outside. */
export async function lookAtDeployed(
  { clients, stack, stage }: Deployed,
  config: Config,
  store: Store,
  now: number,
): Promise<Finding[]> {
  const found = await Promise.all([
    checkHealth(store, config, now),
    checkDeployedConfig(store, config),
    checkDeployedSources(clients.lambda, config, stack),
    rolesOf(clients, config, stack, stage),
    checkQuotas(clients, now),
  ]);
  return found.flat();
}

async function rolesOf(clients: AwsClients, config: Config, stack: DeployedStack, stage: string): Promise<Finding[]> {
  try {
    return await checkPermissions(clients.iam, config, await placesOf(clients, stack, stage));
  } catch (cause) {
    return [unseen({ area: 'permissions', what: 'roles' }, cause, 'dynamodb:DescribeTable and sns:GetTopicAttributes')];
  }
}

/** What the deployment says of itself. */
function checkHealth(store: Store, config: Config, now: number): Promise<Finding[]> {
  const at = { area: 'aws', what: 'health' } as const;
  return looked(at, 'dynamodb:GetItem on the table', async () => {
    const noted = await readNotes({ store, config });
    const { status, reasons } = healthOf(noted, now);
    if (noted.tick === undefined)
      return {
        ...at,
        state: 'failed',
        found: 'evaluate has judged nothing yet',
        todo: 'a new deployment takes a minute; else read the log of evaluate',
      };
    if (reasons.length === 0) return { ...at, state: 'ok', found: 'rules are judged, and nothing is late' };
    const found = some(
      reasons.map(({ text }) => text),
      'reason',
      3,
    );
    return {
      ...at,
      state: status === 'failing' ? 'failed' : 'warn',
      found,
      todo: 'tocsin status --url names them all; docs/watch.md',
    };
  }).then((one) => [one]);
}

/** Whether the config here is the one that was deployed. */
function checkDeployedConfig(store: Store, config: Config): Promise<Finding[]> {
  const at = { area: 'config', what: 'deployed config' } as const;
  return looked(at, 'dynamodb:GetItem on the table', async () => {
    const text = await store.meta(configNote.key);
    const known = text === undefined ? undefined : configNote.decode(text);
    if (known === undefined || !known.ok)
      return { ...at, state: 'skipped', found: 'not noted yet; the first evaluation does that' };
    const changes = changesBetween(known.value.sections, markOf(config));
    if (changes === undefined) return { ...at, state: 'ok', found: 'is the one here' };
    return {
      ...at,
      state: 'warn',
      found: `differs from the one here: ${changes}`,
      todo: 'deploy, or name the folder that was deployed with --config',
    };
  }).then((one) => [one]);
}

export type Tried = {
  /** Whether an alarm of the stack may ring. */
  ring: boolean;
  /** Whom to page, in place of the test contact of the synthetic incident. */
  page: Paged | undefined;
  withinMs: number;
};

/** What is tried rather than looked at, one thing after another: an alarm, and a page. */
export async function tryDeployed(
  { clients, stack }: Deployed,
  ports: Ports,
  { ring, page, withinMs }: Tried,
  watch: Watch,
): Promise<Finding[]> {
  const rung: Finding[] = ring
    ? await ringAlarm(clients, stack.alarms, stack.name, watch)
    : [{ area: 'alarm', what: 'faults', state: 'skipped', found: 'no alarm was rung, as --no-ring says' }];
  const paged =
    page === undefined ? await followSynthetic(ports, withinMs, watch) : await pageTarget(ports, page, withinMs, watch);
  return [...rung, paged];
}
