import type { Path } from '../vocabulary/report.ts';
import { credentialIn } from '../vocabulary/shown.ts';
import { type ConfigError, pathText } from './config-error.ts';
import type { Merged } from './merge.ts';

/**
 * Credentials written into the config itself, which travels through logs, reviews and deployments.
 * The messages never contain their values.
 */
export function findCredentials(merged: Merged): ConfigError[] {
  const errors: ConfigError[] = [];
  const report = (path: Path, what: 'key' | 'value', credential: string): void => {
    const where = pathText(path);
    const message = `${where}: expected no secrets in the config; received what looks like ${credential}; revoke it, store it as a secret, and write the NAME of that secret here`;
    errors.push({ ...merged.placeOf(path, what), path: where, message });
  };
  const visit = (value: unknown, path: Path): void => {
    if (typeof value === 'string') {
      const credential = credentialIn(value);
      if (credential !== undefined) report(path, 'value', credential);
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) visit(item, [...path, index]);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        const credential = credentialIn(key);
        if (credential === undefined) visit(item, [...path, key]);
        else report([...path, key], 'key', credential);
      }
    }
  };
  visit({ ...merged.anchors, ...merged.value }, []);
  return errors;
}
