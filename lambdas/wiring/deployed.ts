import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../core/config/schema.ts';
import type { Runbook } from '../../core/response/runbooks/runbook.ts';

/** What was deployed with the functions: the config as it was validated at synthesis, and the runbooks it names. */
export type Deployed = { config: Config; runbooks: Runbook[] };

let read: Deployed | undefined;

/**
 * One JSON file beside the bundle, or at the path in TOCSIN_DEPLOYED; it is read once a container. It was validated when
 * it was written, so it is taken as it is and zod is not needed here.
 */
export function deployed(): Deployed {
  const path = process.env['TOCSIN_DEPLOYED'] ?? join(import.meta.dirname, 'tocsin.json');
  read ??= withPublicUrl(JSON.parse(readFileSync(path, 'utf8')) as Deployed);
  return read;
}

/** Links in pages lead to the Function URL, unless the config names an address that others can reach. */
function withPublicUrl({ config, runbooks }: Deployed): Deployed {
  const publicUrl = process.env['TOCSIN_PUBLIC_URL'];
  if (publicUrl === undefined) return { config, runbooks };
  return { config: { ...config, settings: { ...config.settings, publicUrl } }, runbooks };
}

export function variable(name: string): string {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  throw new Error(`the environment variable ${name} has no value; it is set by lib/ when this function is deployed`);
}
