import type { Ports } from '../../app/ports/ports.ts';
import { hookOf } from '../../app/ports/rollback-hook.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import type { Store } from '../../app/ports/store.ts';
import { watchdogsOf } from '../../app/selfcheck/vitals.ts';
import type { Config } from '../../core/config/schema.ts';
import type { Hook } from '../../core/remediation/hooks/hook.ts';
import { isStored } from '../../core/telemetry/sources/source.ts';
import { counted } from '../../core/vocabulary/counted.ts';
import { exampleSecret } from '../../local/example-secret.ts';
import { environmentSecrets, localPorts, slackApiUrl } from '../../local/ports.ts';
import { checkClock } from './clock.ts';
import { checked, type Finding } from './finding.ts';
import { checkRecords } from './quarantine.ts';
import { checkSecrets } from './secrets.ts';
import { checkSignIn } from './sign-in.ts';
import { checkSources } from './sources.ts';
import { checkStore } from './store.ts';
import { checkTable } from './table.ts';
import { checkTargets } from './targets.ts';

export type DoctorOptions = {
  store: string;
  /** Use the secrets of this stage on AWS, not this machine's environment. */
  stage?: string;
  /** A deployment's table. Skips the store of this machine. */
  table?: string;
  /** The server to compare clocks with. */
  clock: string;
};

/** Checks everything Tocsin depends on, without changing anything or paging anybody. */
export async function examine(config: Config, options: DoctorOptions, now: () => number = Date.now): Promise<Finding[]> {
  const { stage, table } = options;
  const secrets = stage === undefined ? environmentSecrets() : await stageSecrets(stage);
  const where = secretPlace(stage);
  const { store, findings } = await openStore(options, config, now());
  try {
    const ports = portsFor(config, secrets, store);
    const watchdogs = store === undefined ? [] : await watchdogsOf({ store, config });
    const found = await Promise.all([
      checkSecrets(config, secrets, where),
      checkSources({ config: askable(config, store), sources: ports.sources }, now(), watchdogs),
      checkTargets(config, secrets, now(), slackApiUrl()),
      checkHooks(ports, secrets),
      checkSignIn(config, secrets),
      checkClock(options.clock, now).then((one) => [one]),
      table === undefined ? [] : checkTable(table),
      store === undefined ? [] : checkRecords(store, table ?? options.store, now()).then((one) => [one]),
    ]);
    return [...findings, ...found.flat()];
  } finally {
    await store?.close();
  }
}

/** Where somebody stores the value of a secret, for people. */
export const secretPlace =
  (stage: string | undefined) =>
  (name: string): string =>
    stage === undefined ? `in the environment variable ${name}` : `as the Secrets Manager entry tocsin/${stage}/${name}`;

export async function stageSecrets(stage: string): Promise<Secrets> {
  const { SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const { secretsManager } = await import('../../adapters/secrets-manager/index.ts');
  return secretsManager({ client: new SecretsManagerClient({ maxAttempts: 2 }), prefix: `tocsin/${stage}/` });
}

/** The table of a deployment, whose version and unreadable records are left as they are. */
export async function tableStore(table: string): Promise<Store> {
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  const { dynamodbStore } = await import('../../stores/dynamodb/index.ts');
  return dynamodbStore({ client: new DynamoDBClient({ maxAttempts: 2 }), table, marks: false, setsAside: false });
}

async function openStore(
  { store: path, table }: DoctorOptions,
  config: Config,
  now: number,
): Promise<{ store?: Store; findings: Finding[] }> {
  if (table !== undefined) return { store: await tableStore(table), findings: [] };
  const { finding, store } = await checkStore(path, config, now);
  return { findings: [finding], ...(store === undefined ? {} : { store }) };
}

export const portsFor = (config: Config, secrets: Secrets, store: Store | undefined): Ports =>
  localPorts({
    config,
    // Without a store, the config has no rules that would query it.
    store: store as Store,
    secrets,
    log: () => {},
    observe: () => {},
    write: () => {},
    colors: false,
  });

/** Without a store there are no samples or predictions to query. */
function askable(config: Config, store: Store | undefined): Config {
  if (store !== undefined) return config;
  const sources = Object.entries(config.sources).filter(([, source]) => !isStored(source));
  return { ...config, sources: Object.fromEntries(sources) };
}

/** Whether a hook leads to the server of the example, whose secret nobody else can have. */
const isOfExample = async (hook: Hook, secrets: Secrets): Promise<boolean> =>
  hook.kind === 'webhook' && hook.secret === exampleSecret && !(await secrets.get(exampleSecret));

/** Asks each rollback hook what is deployed, like a rollback does before it decides. */
export function checkHooks({ config, hooks }: Ports, secrets: Secrets): Promise<Finding[]> {
  return Promise.all(
    Object.entries(config.deployments).map(([name, deployment]) => {
      const at = { area: 'rollbacks', what: name } as const;
      return checked(at, 'check the hook in the config, its secret, and the rights of the role', async () => {
        if (await isOfExample(deployment.hook, secrets))
          return { ...at, state: 'skipped', found: 'its server is part of the example and runs within `npm start`' };
        const { current, candidates } = await hookOf(hooks, deployment).describe(name, deployment);
        return { ...at, state: 'ok', found: `serves ${current}; ${counted(candidates.length, 'version')} to return to` };
      });
    }),
  );
}
