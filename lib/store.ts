import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { tableKeys, type WriteGroup } from '../core/vocabulary/table-keys.ts';
import type { Deployment } from './deployment.ts';
import type { TocsinFunction } from './tocsin-function.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** What stores/dynamodb calls. A transaction needs the permissions of its parts. */
const reading = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
const writing = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];

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

  /**
   * Lets a function read everything and write only its own records, and passes it the table name. A
   * transaction is checked per item. Nobody may scan or change the table itself. Every reader may
   * add to quarantine, but only a writer of a record may move it there.
   */
  open(user: TocsinFunction, writes: readonly WriteGroup[]): void {
    const { tableArn } = this.table;
    const indexes = [tableKeys.dueIndex, tableKeys.listIndex].map(({ name }) => `${tableArn}/index/${name}`);
    user.addEnvironment('TOCSIN_TABLE', this.table.tableName);
    user.allow(reading, [tableArn]);
    const begin = [...writes, 'quarantine' as const].flatMap((group) => tableKeys.writes[group].map((prefix) => `${prefix}*`));
    user.allow(writing, [tableArn], {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': begin },
      // ForAllValues is also true without any key.
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
    user.allow(['dynamodb:Query'], indexes);
  }
}
