import type { Config } from '../core/config/schema.ts';
/** What the config makes each function need of the outside; its role allows this and no more. */
export type Needs = {
    /** Names of secrets, by the function that reads them. */
    secrets: {
        deliver: string[];
        rollback: string[];
        ingest: string[];
        slack: string[];
        web: string[];
    };
    /** ARNs of SNS topics that contacts name; `default` is not among them. */
    topics: string[];
    /** Lambda functions whose aliases rollbacks may move. */
    aliasFunctions: {
        functionName: string;
        region?: string;
    }[];
    /** Whether any source reads CloudWatch. */
    cloudwatch: boolean;
};
export declare function needsOf({ settings, sources, responders, channels, deployments }: Config): Needs;
/** All secrets a person has to store before the deployment can do its work. */
export declare const secretNames: ({ secrets }: Needs) => string[];
/** What of the config does not work on AWS, in words; none of it keeps the rest from working. */
export declare function awsWarnings({ responders, channels, deployments, settings }: Config): {
    id: string;
    text: string;
}[];
/** An address that means this machine, wherever it is read. */
export declare function isLoopback(url: string): boolean;
