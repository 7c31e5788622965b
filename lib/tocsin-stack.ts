import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Tocsin, type TocsinProps } from './tocsin.ts';

/** Tocsin as its own stack, which prints what a person needs after deploying. */
export class TocsinStack extends Stack {
  readonly tocsin: Tocsin;

  constructor(scope: Construct, id: string, props: TocsinProps & StackProps) {
    const { config, runbooks, stage, publicConcurrency, slackApiUrl, ...stackProps } = props;
    super(scope, id, { description: 'Tocsin: alerting and incident response for ML pipelines', ...stackProps });
    this.tocsin = new Tocsin(this, 'Tocsin', { config, runbooks, stage, publicConcurrency, slackApiUrl });
    const { urls, topics, publisher, secrets, store } = this.tocsin;
    const outputs: Record<string, { value: string; description: string }> = {
      IngestUrl: {
        value: urls.ingest,
        description: 'Senders of records post to v1/predictions, v1/labels and v1/samples under it',
      },
      SlackUrl: { value: urls.slack, description: 'For the Slack app: slack/interactions and slack/commands under it' },
      WebUrl: { value: urls.web, description: 'Runbooks, and incidents when settings.webPassword is set' },
      PagesTopic: { value: topics.pages.topicArn, description: 'The topic that contacts mean by sns: default' },
      FaultsTopic: { value: topics.faults.topicArn, description: 'Alarms about Tocsin itself; subscribe someone' },
      PublisherRole: {
        value: publisher.roleArn,
        description: 'Publishes pages; a topic under a key of your own, or in another account, must let it in',
      },
      TableName: { value: store.table.tableName, description: 'Everything that is remembered' },
      Secrets: { value: secrets.join(' ') || 'none', description: 'Entries of Secrets Manager that need a value' },
    };
    for (const [name, output] of Object.entries(outputs)) new CfnOutput(this, name, output);
  }
}
