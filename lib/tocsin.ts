import { Annotations, Token } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { secretNames } from '../core/config/function-needs.ts';
import type { Config } from '../core/config/schema.ts';
import type { Runbook } from '../core/response/runbooks/runbook.ts';
import { isLoopback } from '../core/vocabulary/loopback.ts';
import { awsWarnings } from './aws-warnings.ts';
import { Chatops } from './chatops.ts';
import { readConfigFolder, readRunbooks } from './config.ts';
import { Delivery } from './delivery.ts';
import { type Deployment, deploying } from './deployment.ts';
import { Escalation } from './escalation.ts';
import { Evaluation } from './evaluation.ts';
import { Ingest } from './ingest.ts';
import { Judging } from './judging.ts';
import { Rollback } from './rollback.ts';
import { SelfMonitoring } from './self-monitoring.ts';
import { Store } from './store.ts';
import { Topics } from './topics.ts';
import { Web } from './web.ts';
import { WorkQueues } from './work-queues.ts';

export type TocsinProps = {
  /** A folder of YAML files, validated here, or a parsed config. */
  config: string | Config;
  /** A folder of Markdown files. Default: `runbooks` beside the config, then Tocsin's own. */
  runbooks?: string;
  /**
   * Distinguishes deployments in one account and region; part of secret names, `tocsin/STAGE/NAME`.
   * Only `prod`, the default, keeps its data when the stack is removed.
   */
  stage?: string;
  /** The most concurrent runs of each function with a public URL; by default no own limit. */
  publicConcurrency?: number;
  /**
   * Slack's API if not slack.com: `https://slack-gov.com/api/` for GovSlack, or a stand-in in
   * tests.
   */
  slackApiUrl?: string;
};

/**
 * All of Tocsin: evaluation, escalation, delivery, rollback, ingest and Slack. For use in your own
 * stack: `new Tocsin(this, 'Tocsin', { config: 'config' })`. Throws ConfigFolderError if the config
 * is invalid.
 */
export class Tocsin extends Construct {
  readonly store: Store;
  readonly topics: Topics;
  /**
   * The role that publishes pages to the config's topics. An encrypted topic, or one in another
   * account, must allow it: `topic.grantPublish(tocsin.publisher)`.
   */
  readonly publisher: IRole;
  /** Function URLs, with a trailing slash. */
  readonly urls: { ingest: string; slack: string; web: string };
  /** Secrets Manager entries that need a value before everything in the config works. */
  readonly secrets: string[];

  constructor(scope: Construct, id: string, props: TocsinProps) {
    super(scope, id);
    const stage = stageOf(props.stage ?? 'prod');
    const deploys = { ...configOf(props), stage };
    for (const { id: warning, text } of awsWarnings(deploys.config)) Annotations.of(this).addWarningV2(warning, text);
    const parts = deploying(deploys, (deployment) => partsOf(this, deployment, props));
    this.store = parts.store;
    this.topics = parts.topics;
    this.publisher = parts.publisher;
    this.urls = parts.urls;
    this.secrets = parts.secrets;
  }
}

/** All parts, in dependency order. */
function partsOf(scope: Construct, deployment: Deployment, { publicConcurrency, slackApiUrl }: TocsinProps) {
  const { stage, config, needs, secretsPrefix } = deployment;
  const store = new Store(scope, 'Store', { deployment });
  const topics = new Topics(scope, 'Topics', { stage });
  const queues = new WorkQueues(scope, 'Queues');

  const front = { deployment, store, concurrency: publicConcurrency };
  const ingest = new Ingest(scope, 'Ingest', front);
  const chatops = new Chatops(scope, 'Chatops', front);
  const judging = new Judging(scope, 'Judging', { deployment, store });
  const web = new Web(scope, 'Web', { ...front, functions: { judge: judging.function } });

  const base = { deployment, store, queues };
  const evaluation = new Evaluation(scope, 'Evaluation', base);
  const escalation = new Escalation(scope, 'Escalation', base);
  const rollback = new Rollback(scope, 'Rollback', base);
  const delivery = new Delivery(scope, 'Delivery', { ...base, topics, slackApiUrl, publicUrl: publicUrl(config, web.url.url) });

  new SelfMonitoring(scope, 'SelfMonitoring', {
    stage,
    ownMetrics: config.settings.ownMetrics,
    synthetic: config.settings.syntheticIncident,
    topic: topics.faults,
    functions: {
      Evaluate: evaluation.function,
      Sweep: escalation.sweep,
      Wake: escalation.wake,
      Dispatch: delivery.dispatch,
      Deliver: delivery.deliver,
      Rollback: rollback.function,
      Ingest: ingest.function,
      Slack: chatops.function,
      Web: web.function,
    },
    queues,
    undispatched: delivery.undispatched,
    table: store.table,
  });
  const secrets = secretNames(needs).map((name) => `${secretsPrefix}${name}`);
  return {
    store,
    topics,
    publisher: delivery.deliver.rights,
    secrets,
    urls: { ingest: ingest.url.url, slack: chatops.url.url, web: web.url.url },
  };
}

function configOf({ config, runbooks }: TocsinProps): { config: Config; runbooks: Runbook[] } {
  return typeof config === 'string' ? readConfigFolder(config, runbooks) : { config, runbooks: readRunbooks(runbooks) };
}

/**
 * The default URL is this machine, which nobody else can reach; then links use the Function URL.
 */
const publicUrl = ({ settings }: Config, own: string): string | undefined => (isLoopback(settings.publicUrl) ? own : undefined);

function stageOf(stage: string): string {
  if (!Token.isUnresolved(stage) && /^[a-z][a-z0-9-]{0,19}$/.test(stage)) return stage;
  throw new Error(
    `expected a stage of up to 20 lower-case letters, digits and "-", beginning with a letter; received ${JSON.stringify(stage)}`,
  );
}
