import { type Signal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { firstAnswer } from './first-answers.ts';
import { withKeptParts } from './kept-parts.ts';
import { type Change, heard, onChange, unheard } from './live.ts';

/** Why there is no answer. `status` is absent if the server was not reached. */
export type Fault = { status?: number; text: string };

/**
 * What is known of an address. A value that is known stays while it is asked again, and when that
 * fails; what stays the same in it stays the same object.
 */
export type Answer<T> = {
  value?: T;
  fault?: Fault;
  /** Asked for the first time, and nothing came yet. */
  loading: boolean;
};

type Entry = {
  answer: Signal<Answer<unknown>>;
  etag?: string;
  users: number;
  asking?: Promise<void> | undefined;
  again: boolean;
  /** When it was answered last, by this device's clock. */
  answeredAt: number;
  /** Until then a change does not make it ask again, by this device's clock. */
  restUntil: number;
  rest?: ReturnType<typeof setTimeout> | undefined;
};

/**
 * An answer that took long is asked for less often: in a storm everything changes all the time, for
 * all who look.
 */
const restFor = (tookMs: number): number => Math.min(30_000, Math.max(500, 3 * tookMs));

/** Several parts of a screen ask the same when it opens, and what came with the page is as new. */
const newForMs = 1000;

const entries = new Map<string, Entry>();
/** Addresses that nobody looks at any more, kept for a quick way back. */
const keptUnused = 30;

function entryOf(path: string): Entry {
  const known = entries.get(path);
  if (known !== undefined) return known;
  const entry: Entry = {
    answer: signal<Answer<unknown>>({ loading: true }),
    users: 0,
    again: false,
    answeredAt: Number.NEGATIVE_INFINITY,
    restUntil: 0,
  };
  entries.set(path, entry);
  const first = firstAnswer(path);
  if (first !== undefined) {
    entry.etag = first.tag;
    take(entry, first.body);
  }
  const unused = [...entries].filter(([, { users, asking }]) => users === 0 && asking === undefined);
  for (const [old] of unused.slice(0, Math.max(0, unused.length - keptUnused))) if (old !== path) entries.delete(old);
  return entry;
}

/** Asks, or asks once more when the running request is done. */
function ask(path: string, entry: Entry): Promise<void> {
  if (entry.asking !== undefined) {
    entry.again = true;
    return entry.asking;
  }
  clearTimeout(entry.rest);
  entry.rest = undefined;
  const startedAt = performance.now();
  entry.asking = fetchInto(path, entry).finally(() => {
    entry.asking = undefined;
    entry.restUntil = Date.now() + restFor(performance.now() - startedAt);
    if (!entry.again) return;
    entry.again = false;
    askSoon(path, entry);
  });
  return entry.asking;
}

/**
 * Asks because something changed: at once, or when the address has rested; then once for all
 * changes meanwhile.
 */
function askSoon(path: string, entry: Entry): void {
  if (entry.asking !== undefined) {
    entry.again = true;
    return;
  }
  const wait = entry.restUntil - Date.now();
  if (wait <= 0) void ask(path, entry);
  else
    entry.rest ??= setTimeout(() => {
      entry.rest = undefined;
      if (entry.users > 0) void ask(path, entry);
    }, wait);
}

async function fetchInto(path: string, entry: Entry): Promise<void> {
  const { answer } = entry;
  try {
    const response = await fetch(path, {
      headers: { accept: 'application/json', ...(entry.etag === undefined ? {} : { 'if-none-match': entry.etag }) },
      // The tag is ours; the browser's own cache would answer 200 for 304.
      cache: 'no-store',
    });
    if (response.status === 304) {
      heard();
      entry.answeredAt = Date.now();
      // Nobody who shows it has to look again.
      if (answer.value.fault !== undefined) answer.value = { value: answer.value.value, loading: false };
      return;
    }
    const body = (await response.json()) as { at?: string; error?: string };
    if (!response.ok) {
      answer.value = {
        ...answer.value,
        loading: false,
        fault: { status: response.status, text: body.error ?? `the server answered ${response.status}` },
      };
      return;
    }
    entry.etag = response.headers.get('etag') ?? undefined;
    take(entry, body);
  } catch (error) {
    if (error instanceof TypeError) unheard();
    const text = error instanceof TypeError ? 'Tocsin was not reached' : `the answer could not be read: ${String(error)}`;
    answer.value = { ...answer.value, loading: false, fault: { text } };
  }
}

function take(entry: Entry, body: { at?: string }): void {
  const { answer } = entry;
  entry.answeredAt = Date.now();
  heard(body.at === undefined ? undefined : Date.parse(body.at));
  answer.value = { value: withKeptParts(answer.value.value, body), loading: false };
}

/** Asks again at once for every address that starts so, such as after an action. */
export async function askAgain(...starts: readonly string[]): Promise<void> {
  await Promise.all(
    [...entries]
      .filter(([path, { users }]) => users > 0 && starts.some((start) => path.startsWith(start)))
      .map(([path, entry]) => ask(path, entry)),
  );
}

/**
 * Follows what the server answers at an address of the API: asked now, and again at each change for
 * which `touches` is true (default: any). Equal addresses share one request. `undefined`: asks
 * nothing.
 */
export function useAnswer<T>(path: string | undefined, touches: (change: Change) => boolean = () => true): Answer<T> {
  const entry = useMemo(() => (path === undefined ? undefined : entryOf(path)), [path]);
  useEffect(() => {
    if (path === undefined || entry === undefined) return undefined;
    entry.users += 1;
    // What is being asked, or was just now, is new enough: what changes from now on is heard.
    if (entry.asking === undefined && Date.now() - entry.answeredAt > newForMs) void ask(path, entry);
    const leave = onChange((change) => {
      if (document.visibilityState !== 'visible') return;
      if (change === 'everything' || touches(change)) askSoon(path, entry);
    });
    return () => {
      entry.users -= 1;
      leave();
    };
  }, [path, entry]);
  return (entry?.answer.value as Answer<T> | undefined) ?? { loading: path !== undefined };
}
