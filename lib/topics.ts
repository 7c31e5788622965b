import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

const cloudwatch = new ServicePrincipal('cloudwatch.amazonaws.com');

/**
 * Two topics: `pages`, which contacts name as `sns: default`, and `faults`, for alarms about Tocsin
 * itself, which bypass Tocsin. Both use a key of the deployment: CloudWatch cannot publish to a
 * topic under SNS's AWS-managed key.
 */
export class Topics extends Construct {
  readonly key: Key;
  readonly pages: Topic;
  readonly faults: Topic;

  constructor(scope: Construct, id: string, props: { stage: string }) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: `Topics of Tocsin, stage ${props.stage}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [cloudwatch],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        // In a key policy, `*` means this key.
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    this.pages = this.#topic('Pages', `Tocsin ${props.stage}`);
    this.faults = this.#topic('Faults', `Tocsin ${props.stage} itself`);
  }

  /**
   * `enforceSSL` adds a policy that replaces SNS's default, which alarms publish by, so the policy
   * must allow them again. Needed on both topics: an alarm that cannot publish says so only in its
   * own history.
   */
  #topic(id: string, displayName: string): Topic {
    const topic = new Topic(this, id, { displayName, masterKey: this.key, enforceSSL: true });
    const { account } = Stack.of(this);
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [cloudwatch],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': Stack.of(this).formatArn({ service: 'cloudwatch', resource: 'alarm:*' }) },
        },
      }),
    );
    return topic;
  }
}
