import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { TocsinFunction } from './tocsin-function.ts';
/** A queue of effects and its dead-letter queue. */
export declare class WorkQueue extends Construct {
    #private;
    readonly queue: Queue;
    readonly deadLetters: Queue;
    /** `timeout` is that of the function which consumes it. */
    constructor(scope: Construct, id: string, props: {
        timeout: Duration;
    });
    /** Settings for the consuming function, so that its timeout and the visibility of its messages stay in step. */
    get timeout(): Duration;
    feed(consumer: IFunction, options: {
        batchSize: number;
        maxConcurrency: number;
    }): void;
}
/**
 * The queues between deciding and doing. `pages` and `rollbacks` hold what is due, so the age of their oldest message
 * says how late Tocsin is; what has to wait, waits in `wakes`.
 */
export declare class WorkQueues extends Construct {
    readonly pages: WorkQueue;
    readonly rollbacks: WorkQueue;
    readonly wakes: WorkQueue;
    /** Lets a function send to the queues named, and tells it where they are. */
    open(sender: TocsinFunction, names: readonly ('pages' | 'rollbacks' | 'wakes')[]): void;
}
