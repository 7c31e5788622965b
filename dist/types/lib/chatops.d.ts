import type { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { FrontDoor } from './front-door.ts';
import type { Store } from './store.ts';
/** Slack's buttons and the slash command. Slack waits three seconds, cold start included, so it gets CPU by memory. */
export declare class Chatops extends FrontDoor {
    constructor(scope: Construct, id: string, props: {
        deployment: Deployment;
        store: Store;
        concurrency?: number;
    });
}
