import type { z } from 'zod';
import { counted } from '../vocabulary/counted.ts';
import { deeperIssues } from '../vocabulary/deeper-issues.ts';
import { nearest } from '../vocabulary/nearest.ts';
import type { Path } from '../vocabulary/report.ts';
import { shown } from '../vocabulary/shown.ts';
import { type ConfigError, pathText } from './config-error.ts';
import { schemaAt } from './json-schema.ts';
import type { Merged } from './merge.ts';

type Issue = z.core.$ZodIssue;

/**
 * Keys whose value names a secret. Somebody may have written the secret itself, so it is never
 * shown.
 */
const secretKeys = new Set([
  'secret',
  'token',
  'signingSecret',
  'ingestKey',
  'webPassword',
  'clientSecret',
  'password',
  'bearer',
  'apiKey',
  'appKey',
]);

/**
 * Turns validation issues into errors that a person can act on: one per fault, each with its
 * position.
 */
export function explainIssues(issues: readonly Issue[], merged: Merged): ConfigError[] {
  return issues.flatMap(deeperIssues).flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key, merged));
    if (issue.code === 'invalid_key') return [badKey(path, issue, merged)];
    return [wrongValue(path, issue, merged)];
  });
}

function unknownKey(parent: Path, key: string, merged: Merged): ConfigError {
  const path = [...parent, key];
  const known = Object.keys(schemaAt(parent, merged.value)?.properties ?? {});
  const suggestion = nearest(key, known);
  const choice = suggestion === undefined && known.length > 0 && key !== '<<' ? `; expected one of ${known.join(', ')}` : '';
  const what = key === '<<' ? 'merge keys are not part of YAML 1.2; write the keys out' : 'this key is not known here';
  return error(merged, path, 'key', `${pathText(path)}: ${what}${choice}`, suggestion);
}

function badKey(path: Path, issue: Extract<Issue, { code: 'invalid_key' }>, merged: Merged): ConfigError {
  const key = String(path.at(-1));
  const expected = issue.issues[0]?.message ?? 'expected another key';
  const message = expected.startsWith('expected') ? expected : 'expected a key that is not empty';
  return error(merged, path, 'key', `${pathText(path.slice(0, -1))}: ${message}; received ${shown(key)}`);
}

function wrongValue(path: Path, issue: Issue, merged: Merged): ConfigError {
  const value = valueAt(merged.value, path);
  const parent = path.length === 0 ? undefined : valueAt(merged.value, path.slice(0, -1));
  if (value === undefined && path.length > 0 && typeof parent === 'object') {
    // For discriminators: the allowed values are the same whether the value is wrong or missing.
    const message = `${pathText(path)} is missing; ${expectation(issue)}`;
    return { ...error(merged, path.slice(0, -1), 'key', message), path: pathText(path) };
  }
  const options = optionsOf(issue);
  const suggestion = typeof value === 'string' && options !== undefined ? nearest(value, options) : undefined;
  // A message that already names what was received is complete.
  const told = issue.message.includes('received') && issue.code === 'custom';
  // The text as it is written: of 1.10, only its number would be left.
  const isSecret = secretKeys.has(String(path.at(-1)));
  const written = !isSecret && (typeof value === 'number' || typeof value === 'boolean') ? merged.writtenAt(path) : undefined;
  const plain = written !== undefined && Number.isFinite(value) ? `the number ${written}` : shown(value);
  const received = told ? '' : `; received ${isSecret ? secretShown(value) : plain}`;
  const place = told ? 'key' : 'value';
  // Quoting a number does not help where the schema describes its text format, such as a duration.
  const isAnyText = issue.code === 'invalid_type' && issue.expected === 'string' && !issue.message.startsWith('expected');
  const quote = isAnyText && typeof value !== 'object' ? `; quote it${written === undefined ? '' : `: "${written}"`}` : '';
  return error(merged, path, place, `${pathText(path)}: ${expectation(issue)}${received}${quote}`, suggestion);
}

const secretShown = (value: unknown): string => (typeof value === 'string' ? 'a text that is not shown here' : shown(value));

function error(merged: Merged, path: Path, what: 'key' | 'value', message: string, suggestion?: string): ConfigError {
  return { ...merged.placeOf(path, what), path: pathText(path), message, ...(suggestion !== undefined && { suggestion }) };
}

function optionsOf(issue: Issue): string[] | undefined {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)) return issue.options.map(String);
  return undefined;
}

const kinds: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
};

/** `expected ...`, from the schema's own words or from its check. */
function expectation(issue: Issue): string {
  const options = optionsOf(issue);
  if (options !== undefined) return options.length === 1 ? `expected ${options[0]}` : `expected one of ${options.join(', ')}`;
  if (issue.message.startsWith('expected')) return issue.message;
  if (issue.code === 'invalid_type') return `expected ${kinds[issue.expected] ?? issue.expected}`;
  if (issue.code === 'too_small' || issue.code === 'too_big') return bound(issue);
  return `expected something else (${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)})`;
}

function bound(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const limit = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  const least = issue.code === 'too_small' ? 'at least' : 'at most';
  if (issue.origin === 'string')
    return limit === 1 && least === 'at least' ? 'expected a text that is not empty' : `expected ${least} ${limit} characters`;
  if (issue.origin === 'array') return `expected ${least} ${counted(Number(limit), 'item')}`;
  if (issue.inclusive === false) return `expected a number ${issue.code === 'too_small' ? 'above' : 'below'} ${limit}`;
  return `expected a number of ${least} ${limit}`;
}

export function valueAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<string | number, unknown>)[step];
  }
  return here;
}
