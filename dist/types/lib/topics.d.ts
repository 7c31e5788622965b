import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
/**
 * Two topics: `pages`, which contacts mean by `sns: default`, and `faults`, where alarms about Tocsin itself arrive by no
 * way that Tocsin has a part in. Both are encrypted with a key of the deployment: CloudWatch cannot publish to a topic
 * under the key that AWS manages for SNS.
 */
export declare class Topics extends Construct {
    readonly key: Key;
    readonly pages: Topic;
    readonly faults: Topic;
    constructor(scope: Construct, id: string, props: {
        stage: string;
    });
}
