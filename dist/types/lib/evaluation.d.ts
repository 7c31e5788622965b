import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { Store } from './store.ts';
import { TocsinFunction } from './tocsin-function.ts';
/**
 * Judges the rules each minute. A tick that fails is not tried again: the next one judges the same points. Ticks may
 * overlap, since a decision that lost the race is made again, so there is no reserved concurrency, which small accounts
 * could not give.
 */
export declare class Evaluation extends Construct {
    readonly function: TocsinFunction;
    constructor(scope: Construct, id: string, { deployment, store }: {
        deployment: Deployment;
        store: Store;
    });
}
