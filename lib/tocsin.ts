import { Annotations, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Config } from '../core/config/schema.ts';
import type { Runbook } from '../core/runbooks/runbook.ts';
import { Chatops } from './chatops.ts';
import { readConfigFolder, readRunbooks } from './config.ts';
import { Delivery } from './delivery.ts';
import { type Deployment, deploymentOf } from './deployment.ts';
import { Escalation } from './escalation.ts';
import { Evaluation } from './evaluation.ts';
import { Ingest } from './ingest.ts';
import { awsWarnings, isLoopback, secretNames } from './needs.ts';
import { Rollback } from './rollback.ts';
import { SelfMonitoring } from './self-monitoring.ts';
import { Store } from './store.ts';
import { Topics } from './topics.ts';
import { Web } from './web.ts';
import { WorkQueues } from './work-queues.ts';

export type TocsinProps = {
  /** A folder of YAML files, checked here, or a config that was parsed before. */
  config: string | Config;
  /** A folder of Markdown files; the folder `runbooks` beside the config when left out, and then those of Tocsin. */
  runbooks?: string;
  /**
   * Tells deployments of one account and region apart: part of the names of secrets, `tocsin/STAGE/NAME`. Only `prod`,
   * the default, keeps its data when the stack is removed.
   */
  stage?: string;
  /** At most this many of each function with a public URL run at once; no limit of its own when left out. */
  publicConcurrency?: number;
};

/**
 * Tocsin, whole: evaluation, escalation, delivery, rollback, ingest and Slack. For use in a stack of your own:
 * `new Tocsin(this, 'Tocsin', { config: 'config' })`. Throws ConfigFolderError when the config is wrong.
 */
export class Tocsin extends Construct {
  readonly store: Store;
  readonly topics: Topics;
  /** Function URLs, with the slash at their end. */
  readonly urls: { ingest: string; slack: string; web: string };
  /** Entries of Secrets Manager that must hold a value before everything in the config works. */
  readonly secrets: string[];

  constructor(scope: Construct, id: string, props: TocsinProps) {
    super(scope, id);
    const stage = stageOf(props.stage ?? 'prod');
    const { config, runbooks } = configOf(props);
    const deployment = deploymentOf(this, { config, runbooks, stage });
    this.secrets = secretNames(deployment.needs).map((name) => `${deployment.secretsPrefix}${name}`);
    for (const { id: warning, text } of awsWarnings(config)) Annotations.of(this).addWarningV2(warning, text);

    this.store = new Store(this, 'Store', { deployment });
    this.topics = new Topics(this, 'Topics', { stage });
    const base = { deployment, store: this.store, queues: new WorkQueues(this, 'Queues') };
    const front = { deployment, store: this.store, concurrency: props.publicConcurrency };
    const ingest = new Ingest(this, 'Ingest', front);
    const chatops = new Chatops(this, 'Chatops', front);
    const web = new Web(this, 'Web', front);
    this.urls = { ingest: ingest.url.url, slack: chatops.url.url, web: web.url.url };

    const { evaluate, sweep, wake, rollback, dispatch, deliver, undispatched } = backstage(
      this,
      base,
      this.topics,
      publicUrl(config, this.urls.web),
    );
    new SelfMonitoring(this, 'SelfMonitoring', {
      stage,
      topic: this.topics.faults,
      evaluate,
      sweep,
      dispatch,
      functions: {
        Evaluate: evaluate,
        Sweep: sweep,
        Wake: wake,
        Dispatch: dispatch,
        Deliver: deliver,
        Rollback: rollback,
        Ingest: ingest.function,
        Slack: chatops.function,
        Web: web.function,
      },
      queues: base.queues,
      undispatched,
    });
  }
}

type Base = { deployment: Deployment; store: Store; queues: WorkQueues };

/** What works without being asked. */
function backstage(scope: Construct, base: Base, topics: Topics, url: string | undefined) {
  const { function: evaluate } = new Evaluation(scope, 'Evaluation', base);
  const { wake, sweep } = new Escalation(scope, 'Escalation', base);
  const { function: rollback } = new Rollback(scope, 'Rollback', base);
  const { dispatch, deliver, undispatched } = new Delivery(scope, 'Delivery', { ...base, topics, publicUrl: url });
  return { evaluate, wake, sweep, rollback, dispatch, deliver, undispatched };
}

function configOf({ config, runbooks }: TocsinProps): { config: Config; runbooks: Runbook[] } {
  return typeof config === 'string' ? readConfigFolder(config, runbooks) : { config, runbooks: readRunbooks(runbooks) };
}

/** An address of this machine, which is the default, means nobody else's: links then lead to the function. */
const publicUrl = ({ settings }: Config, own: string): string | undefined => (isLoopback(settings.publicUrl) ? own : undefined);

function stageOf(stage: string): string {
  if (!Token.isUnresolved(stage) && /^[a-z][a-z0-9-]{0,19}$/.test(stage)) return stage;
  throw new Error(
    `expected a stage of up to 20 lower-case letters, digits and "-", beginning with a letter; received ${JSON.stringify(stage)}`,
  );
}
