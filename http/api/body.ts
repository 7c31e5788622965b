import type { Context } from 'hono';
import * as z from 'zod';

export type ReadBody<T> = { ok: true; value: T } | { ok: false; refused: Response };

/** The JSON body of a request as its schema reads it, or the answer that refuses it. `example`: what is expected, as JSON. */
export async function readBody<T>(
  c: Context,
  schema: z.ZodType<T>,
  { example, empty }: { example: string; empty?: unknown },
): Promise<ReadBody<T>> {
  const read = schema.safeParse(jsonOf(await c.req.text(), empty));
  if (read.success) return { ok: true, value: read.data };
  const expected = empty === undefined ? `expected a body such as ${example}` : `expected no body, or one such as ${example}`;
  return { ok: false, refused: c.json({ error: `${expected}; ${z.prettifyError(read.error)}` }, 400) };
}

/** What is no JSON is undefined, which every schema refuses. */
function jsonOf(text: string, empty: unknown): unknown {
  if (text.trim() === '') return empty;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
