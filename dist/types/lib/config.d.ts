import type { Config } from '../core/config/schema.ts';
import { type Runbook } from '../core/runbooks/runbook.ts';
/** The config is wrong; one line for each error, with its file, line and column. Nothing is synthesised. */
export declare class ConfigFolderError extends Error {
    name: string;
}
/** Reads and checks a folder of YAML files, and the runbooks its rules link to. Throws ConfigFolderError. */
export declare function readConfigFolder(folder: string, runbookFolder?: string): {
    config: Config;
    runbooks: Runbook[];
};
export declare function readRunbooks(folder?: string): Runbook[];
