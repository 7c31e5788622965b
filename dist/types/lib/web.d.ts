import type { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { FrontDoor } from './front-door.ts';
import type { Store } from './store.ts';
/** Where pages link to: runbooks for whoever has the link, incidents for those who know the web password. */
export declare class Web extends FrontDoor {
    constructor(scope: Construct, id: string, props: {
        deployment: Deployment;
        store: Store;
        concurrency?: number;
    });
}
