import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { Store } from './store.ts';
import { TocsinFunction } from './tocsin-function.ts';
import type { WorkQueues } from './work-queues.ts';
/** Carries rollbacks out. Its role is the only one that may move a Lambda alias, and only of functions in the config. */
export declare class Rollback extends Construct {
    readonly function: TocsinFunction;
    constructor(scope: Construct, id: string, { deployment, store, queues }: {
        deployment: Deployment;
        store: Store;
        queues: WorkQueues;
    });
}
/** A function is named by its name, `account:function:name` or its ARN, as the API of Lambda takes it. */
export declare function functionArn(stack: Stack, { functionName, region }: {
    functionName: string;
    region?: string;
}): string;
