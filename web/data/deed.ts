import { signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { say, sayNow } from '../frame/announce.tsx';
import { askAgain } from './answer.ts';
import { now } from './clock.ts';
import { unheard } from './live.ts';

/**
 * What was done to the server's state. Never shown as done before the server has committed it.
 * `isOpen`: no answer came in ten seconds; it may still have been committed, and doing it again is
 * safe.
 */
export type Deed =
  | { state: 'idle' }
  | { state: 'sending' }
  | { state: 'committed'; at: number; message: string; body?: unknown }
  | { state: 'failed'; text: string; status?: number; body?: unknown; isOpen?: true };

const waitMs = 10_000;

/**
 * Something a person does; `run` resolves to whether it was committed. `told`: what is said then in
 * place of the server's message, such as `Acknowledged`.
 */
export type Doing = { deed: Deed; run(path: string, body?: object, told?: string): Promise<Deed> };

/**
 * Posts to the API and follows what became of it. `touched`: addresses that are asked again once it
 * is committed.
 */
export function useDeed(touched: readonly string[] = ['/api/']): Doing {
  const deed = useMemo(() => signal<Deed>({ state: 'idle' }), []);
  return {
    get deed() {
      return deed.value;
    },
    async run(path, body = {}, told = undefined) {
      if (deed.value.state === 'sending') return deed.value;
      deed.value = { state: 'sending' };
      const done = await post(path, body);
      deed.value = done.state === 'committed' && told !== undefined ? { ...done, message: told } : done;
      if (deed.value.state === 'committed') {
        say(`${deed.value.message}, committed`);
        await askAgain(...touched);
      } else if (deed.value.state === 'failed') sayNow(`Not done: ${deed.value.text}`);
      return deed.value;
    },
  };
}

export async function post(path: string, body: object): Promise<Deed> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(waitMs),
    });
    const answer = (await response.json()) as { message?: string; error?: string; faults?: { path: string; text: string }[] };
    if (response.ok) return { state: 'committed', at: now.value, message: answer.message ?? 'Done', body: answer };
    return {
      state: 'failed',
      text:
        answer.faults?.map(({ path: field, text }) => (answer.faults?.length === 1 ? text : `${field}: ${text}`)).join('; ') ??
        answer.error ??
        `the server answered ${response.status}`,
      status: response.status,
      body: answer,
    };
  } catch (error) {
    unheard();
    const isLate = error instanceof DOMException && error.name === 'TimeoutError';
    return isLate
      ? { state: 'failed', text: `no answer in ${waitMs / 1000} s`, isOpen: true }
      : { state: 'failed', text: 'Tocsin was not reached' };
  }
}

/** What the server found wrong with a field of what was sent. */
export function faultAt(deed: Deed, field: string): string | undefined {
  if (deed.state !== 'failed') return undefined;
  const { faults } = (deed.body ?? {}) as { faults?: { path: string; text: string }[] };
  return faults?.find(({ path }) => path === field)?.text;
}
