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
        description: 'Base URL for senders of records: v1/predictions, v1/labels and v1/samples',
      },
      SlackUrl: { value: urls.slack, description: 'Base URL for the Slack app: slack/interactions and slack/commands' },
      WebUrl: { value: urls.web, description: 'Runbooks, and incidents if settings.webPassword is set' },
      PagesTopic: { value: topics.pages.topicArn, description: 'The topic that sns: default means' },
      FaultsTopic: { value: topics.faults.topicArn, description: 'Topic of alarms about Tocsin itself; subscribe somebody' },
      PublisherRole: {
        value: publisher.roleArn,
        description: 'Publishes pages; a topic under a key of your own, or in another account, must let it in',
      },
      TableName: { value: store.table.tableName, description: 'Everything that is remembered' },
      Secrets: { value: secrets.join(' ') || 'none', description: 'Secrets Manager entries that need a value' },
    };
    for (const [name, output] of Object.entries(outputs)) new CfnOutput(this, name, output);
  }
}
