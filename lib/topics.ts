import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

const cloudwatch = new ServicePrincipal('cloudwatch.amazonaws.com');

/**
 * Two topics: `pages`, which contacts mean by `sns: default`, and `faults`, where alarms about
 * Tocsin itself arrive by no way that Tocsin has a part in. Both are encrypted with a key of the
 * deployment: CloudWatch cannot publish to a topic under the key that AWS manages for SNS.
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
        // In the policy of a key, `*` is that key.
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    this.pages = this.#topic('Pages', `Tocsin ${props.stage}`);
    this.faults = this.#topic('Faults', `Tocsin ${props.stage} itself`);
  }

  /**
   * `enforceSSL` gives the topic a policy, which replaces SNS's default one. Alarms publish by that
   * default, so the policy has to let them in again. Both topics do: an alarm that cannot publish
   * says so in its own history and nowhere else.
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
