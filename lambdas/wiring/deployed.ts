import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../core/config/schema.ts';
import type { Runbook } from '../../core/response/runbooks/runbook.ts';

/** What was deployed with the functions: the validated config, and its runbooks. */
export type Deployed = { config: Config; runbooks: Runbook[] };

let read: Deployed | undefined;

/**
 * One JSON file beside the bundle, or at TOCSIN_DEPLOYED, read once per container. It was validated
 * at synthesis, so it is not validated here, and zod is not bundled.
 */
export function deployed(): Deployed {
  const path = process.env['TOCSIN_DEPLOYED'] ?? join(import.meta.dirname, 'tocsin.json');
  read ??= withPublicUrl(JSON.parse(readFileSync(path, 'utf8')) as Deployed);
  return read;
}

/** Page links use the Function URL, unless the config names a URL that others can reach. */
function withPublicUrl({ config, runbooks }: Deployed): Deployed {
  const publicUrl = process.env['TOCSIN_PUBLIC_URL'];
  if (publicUrl === undefined) return { config, runbooks };
  return { config: { ...config, settings: { ...config.settings, publicUrl } }, runbooks };
}

export function variable(name: string): string {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  throw new Error(`the environment variable ${name} is empty; lib/ sets it when this function is deployed`);
}
