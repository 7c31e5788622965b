import type { Context } from 'hono';

const strict = new TextDecoder('utf-8', { fatal: true });
const lenient = new TextDecoder('utf-8');

/** The body of a request. Of one that is not UTF-8, other bytes are replaced by U+FFFD. */
export async function bodyText(c: Context): Promise<{ text: string; isUtf8: boolean }> {
  const bytes = await c.req.arrayBuffer();
  try {
    return { text: strict.decode(bytes), isUtf8: true };
  } catch {
    return { text: lenient.decode(bytes), isUtf8: false };
  }
}
