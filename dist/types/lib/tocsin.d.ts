import { Construct } from 'constructs';
import type { Config } from '../core/config/schema.ts';
import { Store } from './store.ts';
import { Topics } from './topics.ts';
export type TocsinProps = {
    /** A folder of YAML files, checked here, or a config that was parsed before. */
    config: string | Config;
    /** A folder of Markdown files; the folder `runbooks` beside the config when left out, and then those of Tocsin. */
    runbooks?: string;
    /**
     * Tells deployments of one account and region apart: part of the names of secrets, `tocsin/STAGE/NAME`. Only `prod`,
     * the default, keeps its data when the stack is removed.
     */
    stage?: string;
    /** At most this many of each function with a public URL run at once; no limit of its own when left out. */
    publicConcurrency?: number;
    /** Where Slack is asked when not at slack.com: `https://slack-gov.com/api/` for GovSlack, or a stand-in in tests. */
    slackApiUrl?: string;
};
/**
 * Tocsin, whole: evaluation, escalation, delivery, rollback, ingest and Slack. For use in a stack of your own:
 * `new Tocsin(this, 'Tocsin', { config: 'config' })`. Throws ConfigFolderError when the config is wrong.
 */
export declare class Tocsin extends Construct {
    readonly store: Store;
    readonly topics: Topics;
    /** Function URLs, with the slash at their end. */
    readonly urls: {
        ingest: string;
        slack: string;
        web: string;
    };
    /** Entries of Secrets Manager that must hold a value before everything in the config works. */
    readonly secrets: string[];
    constructor(scope: Construct, id: string, props: TocsinProps);
}
