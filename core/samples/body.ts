import { jsonErrorAt } from './json-error.ts';
import type { Entry, Rejection } from './records.ts';

export type Body = { ok: true; entries: Entry<unknown>[]; rejected: Rejection[] } | { ok: false; error: string };

const lineTypes = ['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines'];

const typeOf = (contentType: string | undefined): string => (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

/** Whether a text of this type is one record a line. */
export const isLines = (contentType: string | undefined): boolean => lineTypes.includes(typeOf(contentType));

/**
 * Splits a request's text into records. JSON is an array, `{ "records": [...] }` or one record; malformed JSON is an error
 * that names the place. NDJSON is one record a line; a malformed line is refused by itself, and empty lines do not count.
 * Without a content type the text is taken for JSON.
 */
export function parseBody(contentType: string | undefined, text: string): Body {
  const type = typeOf(contentType);
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (isLines(contentType)) return parseLines(body);
  if (type !== '' && type !== 'application/json' && !type.endsWith('+json')) {
    return { ok: false, error: `expected the content type application/json or application/x-ndjson; received ${type}` };
  }
  if (body.trim() === '') return { ok: false, error: 'expected a JSON array of records; received an empty body' };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return {
      ok: false,
      error: `expected JSON; ${describeError(body, true)}${looksLikeLines(body) ? '; for one record a line send it as application/x-ndjson' : ''}`,
    };
  }
  const values = recordsOf(value);
  if (values === undefined) {
    return { ok: false, error: 'expected an array of records, {"records": [...]} or one record; received a single value' };
  }
  return { ok: true, entries: values.map((one, index) => ({ index, value: one })), rejected: [] };
}

function recordsOf(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  return 'records' in value && Array.isArray(value.records) ? value.records : [value];
}

function parseLines(body: string): Body {
  const entries: Entry<unknown>[] = [];
  const rejected: Rejection[] = [];
  let index = 0;
  let line = 0;
  for (const text of body.split('\n')) {
    line += 1;
    if (text.trim() === '') continue;
    try {
      entries.push({ index, value: JSON.parse(text) });
    } catch {
      rejected.push({ index, reason: `line ${line}: expected one JSON record; ${describeError(text, false)}` });
    }
    index += 1;
  }
  return { ok: true, entries, rejected };
}

/** What stands where the text stops being JSON. */
function describeError(text: string, withLine: boolean): string {
  const at = jsonErrorAt(text) ?? text.length;
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const place = `at position ${at}${withLine ? ` (line ${line}, column ${at - before.lastIndexOf('\n')})` : ''}`;
  return at >= text.length ? `it ends too early, ${place}` : `received ${JSON.stringify(text.slice(at, at + 12))} ${place}`;
}

const looksLikeLines = (body: string): boolean => /^\s*\{[^\n]*\}\s*\n\s*\{/.test(body);
