import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { type ConfigOptions, withConfigOptions } from '../config-options.ts';

export type ClientOptions = ConfigOptions & { url?: string; store?: string };

export function withClientOptions(command: Command): Command {
  return withConfigOptions(command)
    .option(
      '--url <url>',
      'a running service (its web password in TOCSIN_WEB_PASSWORD); by default TOCSIN_URL or settings.publicUrl',
    )
    .option('--store <file>', 'store of a service that is not running');
}

export const me = (): string => `cli:${userInfo().username}`;
