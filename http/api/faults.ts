import type * as z from 'zod';
import { deeperIssues } from '../../core/vocabulary/deeper-issues.ts';
import { shown, shownJson } from '../../core/vocabulary/shown.ts';

/** The most faults to list. */
const maxShown = 5;

/**
 * What is wrong with a body, in one line: `durationMs: expected a whole number above 0; received
 * -1`.
 */
export function faultsIn(error: z.ZodError): string {
  const issues = error.issues.flatMap(deeperIssues);
  const named = issues.slice(0, maxShown).map(faultText);
  const more = issues.length - named.length;
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** The same field by field, for a form that shows each beside its field. */
export const faultsByField = (error: z.ZodError): { path: string; text: string }[] =>
  error.issues
    .flatMap(deeperIssues)
    .slice(0, maxShown)
    .map((issue) => ({
      path: issue.path.map(String).join('.'),
      text: issue.input === undefined ? `missing; ${expectedBy(issue)}` : expectedBy(issue),
    }));

function faultText(issue: z.core.$ZodIssue): string {
  const place = issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `;
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => shown(key)).join(', ');
    return `${place}unknown ${issue.keys.length === 1 ? 'key' : 'keys'} ${keys}`;
  }
  if (issue.input === undefined) return `${place}missing; ${expectedBy(issue)}`;
  return `${place}${expectedBy(issue)}; received ${shownJson(issue.input)}`;
}

const typeNames: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  record: 'an object',
  object: 'an object',
};

function expectedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${typeNames[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return `expected ${amountOf(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)}`;
    case 'too_big':
      return `expected ${amountOf(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)}`;
    case 'invalid_value':
      return `expected ${issue.values.map((value) => shown(value)).join(' or ')}`;
    case 'invalid_union':
      if (issue.message.startsWith('expected')) return issue.message;
      return `expected ${[...new Set(issue.errors.flat().map((one) => expectedBy(one).replace(/^expected /, '')))].join(' or ')}`;
    default:
      return issue.message;
  }
}

/** `at most 1000 characters`, `more than 0` */
function amountOf(origin: string, bound: string, amount: number | bigint): string {
  const unit = origin === 'string' ? ' character' : origin === 'array' ? ' item' : '';
  return `${bound} ${amount}${unit}${unit === '' || amount === 1 ? '' : 's'}`;
}
