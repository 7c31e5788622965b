import { type Duration } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import { type Deployment } from './deployment.ts';
export type TocsinFunctionProps = {
    deployment: Deployment;
    /** The file of lambdas/ without its ending. A lambda is known here by this name only; nothing of it is imported. */
    entry: string;
    description: string;
    timeout: Duration;
    memorySize: number;
    environment?: Record<string, string>;
    /** Names of secrets that it may read; left out for a function that reads none by its nature. */
    secrets?: string[];
    /** Whether it is given the config. */
    readsConfig?: boolean;
    /** At most this many run at once; taken from what the account allows in all. */
    concurrency?: number;
};
/**
 * One function of Tocsin: Node.js 24 on arm64, an ES module bundled by esbuild without Docker, a role of its own that
 * begins with no right but to write its own log, a log group that forgets, and logs as JSON.
 */
export declare class TocsinFunction extends NodejsFunction {
    readonly rights: Role;
    constructor(scope: Construct, id: string, props: TocsinFunctionProps);
    /** Adds to its role. Both are named in full: no wildcards. */
    allow(actions: string[], resources: string[]): void;
}
