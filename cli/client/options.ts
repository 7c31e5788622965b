import { userInfo } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { actorExpected, actorName, asciiName } from '../../core/access/actor-name.ts';
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

/** Default of `--by`. */
export const me = (): string => `cli:${asciiName(userInfo().username)}`;

/** The value of `--by`. */
export function actorOf(text: string): string {
  const name = actorName(text);
  if (name === undefined) throw new InvalidArgumentError(`${actorExpected}.`);
  return name;
}
