import { type ConfigError } from './config-error.ts';
import type { Merged } from './merge.ts';
/**
 * Credentials that somebody wrote into the config itself, where it travels to logs, code review and deployments. Their
 * values are never part of the message.
 */
export declare function findCredentials(merged: Merged): ConfigError[];
