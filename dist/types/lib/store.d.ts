import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { TocsinFunction } from './tocsin-function.ts';
/** The one table: alerts, incidents, timelines, effects, buckets. Its stream tells of each new item. */
export declare class Store extends Construct {
    readonly table: Table;
    constructor(scope: Construct, id: string, { deployment }: {
        deployment: Deployment;
    });
    /** Lets a function read and commit, and tells it where the table is. Nobody may scan it or change the table itself. */
    open(user: TocsinFunction): void;
}
