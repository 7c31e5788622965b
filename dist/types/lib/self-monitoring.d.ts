import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { TocsinFunction } from './tocsin-function.ts';
import type { WorkQueues } from './work-queues.ts';
type Verb = 'Evaluate' | 'Sweep' | 'Wake' | 'Dispatch' | 'Deliver' | 'Rollback' | 'Ingest' | 'Slack' | 'Web';
export type SelfMonitoringProps = {
    stage: string;
    topic: ITopic;
    functions: Record<Verb, TocsinFunction>;
    queues: WorkQueues;
    undispatched: IQueue;
};
/**
 * Alarms about Tocsin itself, which go from CloudWatch to a topic and need nothing of Tocsin to work: nobody should
 * learn from silence that the watch has fallen asleep.
 */
export declare class SelfMonitoring extends Construct {
    #private;
    constructor(scope: Construct, id: string, props: SelfMonitoringProps);
}
export {};
