import type { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { FrontDoor } from './front-door.ts';
import type { Store } from './store.ts';
/** Where pipelines send predictions, labels and samples. Bodies of 5 MB take memory and time. */
export declare class Ingest extends FrontDoor {
    constructor(scope: Construct, id: string, props: {
        deployment: Deployment;
        store: Store;
        concurrency?: number;
    });
}
