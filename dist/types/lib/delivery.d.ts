import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { Store } from './store.ts';
import { TocsinFunction } from './tocsin-function.ts';
import type { Topics } from './topics.ts';
import type { WorkQueues } from './work-queues.ts';
export type DeliveryProps = {
    deployment: Deployment;
    store: Store;
    queues: WorkQueues;
    topics: Topics;
    publicUrl?: string;
    slackApiUrl?: string;
};
/** From a committed effect to a person: the table's stream feeds `dispatch`, its queue feeds `deliver`. */
export declare class Delivery extends Construct {
    #private;
    readonly dispatch: TocsinFunction;
    readonly deliver: TocsinFunction;
    /** Which part of the stream could not be dispatched; the sweep finds the effects themselves. */
    readonly undispatched: Queue;
    constructor(scope: Construct, id: string, props: DeliveryProps);
}
