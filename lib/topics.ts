import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/**
 * Two topics: `pages`, which contacts mean by `sns: default`, and `faults`, where alarms about Tocsin itself arrive by no
 * way that Tocsin has a part in. Both are encrypted with a key of the deployment: CloudWatch cannot publish to a topic
 * under the key that AWS manages for SNS.
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
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        // In the policy of a key, `*` is that key.
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    this.pages = new Topic(this, 'Pages', { displayName: `Tocsin ${props.stage}`, masterKey: this.key, enforceSSL: true });
    this.faults = new Topic(this, 'Faults', {
      displayName: `Tocsin ${props.stage} itself`,
      masterKey: this.key,
      enforceSSL: true,
    });
  }
}
