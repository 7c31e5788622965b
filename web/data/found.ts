import { useEffect, useState } from 'preact/hooks';
import type { Answer } from './answer.ts';

/** After the last key; sooner would ask for half a word. */
const afterMs = 250;

/**
 * What the server finds for a question that is too long for an address, such as matchers: posted
 * shortly after it was typed. Nothing is changed by it. `undefined` asks nothing.
 */
export function useFound<T>(path: string, question: object | undefined): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ loading: false });
  const body = question === undefined ? undefined : JSON.stringify(question);
  useEffect(() => {
    if (body === undefined) {
      setAnswer({ loading: false });
      return undefined;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      setAnswer((known) => ({ ...known, loading: true }));
      void ask<T>(path, body, stop.signal).then((found) => {
        if (!stop.signal.aborted) setAnswer(found);
      });
    }, afterMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [path, body]);
  return answer;
}

async function ask<T>(path: string, body: string, signal: AbortSignal): Promise<Answer<T>> {
  try {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const response = await fetch(path, { method: 'POST', headers, body, signal });
    const found = (await response.json()) as { error?: string; faults?: { text: string }[] };
    if (response.ok) return { value: found as T, loading: false };
    // A form shows it beside its field, so which body was expected is of no use there.
    const text = found.faults?.map((fault) => fault.text).join('; ') ?? found.error ?? `the server answered ${response.status}`;
    return { fault: { status: response.status, text }, loading: false };
  } catch {
    return { fault: { text: 'Tocsin was not reached' }, loading: false };
  }
}
