import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { tableKeys } from '../core/vocabulary/table-keys.ts';
import type { Deployment } from './deployment.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });

/**
 * The one table: alerts, incidents, timelines, effects, buckets. Its stream reports each new item.
 */
export class Store extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { deployment }: { deployment: Deployment }) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: text(tableKeys.partition),
      sortKey: text(tableKeys.sort),
      timeToLiveAttribute: tableKeys.ttl,
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      stream: StreamViewType.NEW_IMAGE,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: deployment.keep,
      removalPolicy: deployment.keep ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    for (const index of [tableKeys.dueIndex, tableKeys.listIndex]) {
      this.table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: text(index.partition),
        sortKey: { name: index.sort, type: AttributeType.NUMBER },
        projectionType: ProjectionType[index.projection],
      });
    }
  }
}
