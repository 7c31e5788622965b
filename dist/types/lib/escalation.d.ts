import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { Store } from './store.ts';
import { TocsinFunction } from './tocsin-function.ts';
import type { WorkQueues } from './work-queues.ts';
/** Deadlines: a delayed message wakes an incident to the second, and a sweep each minute finds what was lost. */
export declare class Escalation extends Construct {
    readonly wake: TocsinFunction;
    readonly sweep: TocsinFunction;
    constructor(scope: Construct, id: string, { deployment, store, queues }: {
        deployment: Deployment;
        store: Store;
        queues: WorkQueues;
    });
}
