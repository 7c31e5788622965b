import type { Context } from 'hono';
import type * as z from 'zod';
import { bodyText } from '../body-text.ts';
import { faultsByField, faultsIn } from './faults.ts';

export type ReadBody<T> = { ok: true; value: T } | { ok: false; refused: Response };

/** Marks a body that is not JSON, which no schema accepts. */
const notJson = Symbol('not JSON');

/**
 * The JSON body of a request as its schema reads it, or the response that refuses it. `example`: an
 * expected body.
 */
export async function readBody<T>(
  c: Context,
  schema: z.ZodType<T>,
  { example, empty }: { example: string; empty?: unknown },
): Promise<ReadBody<T>> {
  const { text, isUtf8 } = await bodyText(c);
  const expected = empty === undefined ? `expected a body such as ${example}` : `expected no body, or one such as ${example}`;
  const no = (fault: string, faults?: { path: string; text: string }[]) => ({
    ok: false as const,
    refused: c.json({ error: `${expected}; ${fault}`, ...(faults === undefined ? {} : { faults }) }, 400),
  });
  if (!isUtf8) return no('received bytes that are not UTF-8');
  const sent = jsonOf(text, empty);
  if (sent === notJson) return no('received text that is not JSON');
  if (sent === undefined) return no('received none');
  // A schema would leave it out, and a silence without one of its labels is wider than it was
  // meant.
  if (namesPrototype(sent)) return no('received the name __proto__, which nothing may have');
  const read = schema.safeParse(sent, { reportInput: true });
  return read.success ? { ok: true, value: read.data } : no(faultsIn(read.error), faultsByField(read.error));
}

function namesPrototype(sent: unknown): boolean {
  const open = [sent];
  while (open.length > 0) {
    const one = open.pop();
    if (typeof one !== 'object' || one === null) continue;
    if (Object.hasOwn(one, '__proto__')) return true;
    open.push(...Object.values(one));
  }
  return false;
}

function jsonOf(text: string, empty: unknown): unknown {
  if (text.trim() === '') return empty;
  try {
    return JSON.parse(text);
  } catch {
    return notJson;
  }
}
