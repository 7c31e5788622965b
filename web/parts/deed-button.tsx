import type { ComponentChildren } from 'preact';
import type { Deed } from '../data/deed.ts';
import { Time } from './time.tsx';

/**
 * A button that changes the server's state, and what became of it beside it. `name`: such as
 * `acknowledge`.
 */
export function DeedButton(props: {
  name: string;
  deed: Deed;
  run(): void;
  look?: 'first' | 'danger' | '';
  children: ComponentChildren;
}) {
  const { name, deed, run, look = '', children } = props;
  const isSending = deed.state === 'sending';
  return (
    <button type="button" class={`button ${look}`} aria-disabled={isSending} onClick={() => (isSending ? undefined : run())}>
      {isSending ? `Sending ${name}…` : children}
    </button>
  );
}

/** The outcome of a deed, in words. */
export function DeedOutcome({ name, deed }: { name: string; deed: Deed }) {
  if (deed.state === 'committed')
    return (
      <span class="small t-good">
        {deed.message} <Time at={deed.at} seconds />, committed
      </span>
    );
  if (deed.state === 'failed')
    return (
      <span class="small t-critical">
        {notDone(deed)} ({name}): <WhyFailed deed={deed} />
      </span>
    );
  return null;
}

/** Without an answer nobody knows here; it may have been done all the same. */
export const notDone = ({ isOpen }: Extract<Deed, { state: 'failed' }>): string =>
  isOpen === true ? 'Not known to be done' : 'Not done';

/**
 * Why a deed failed. Whoever was signed out meanwhile signs in beside it, so that nothing typed is
 * lost.
 */
export function WhyFailed({ deed }: { deed: Extract<Deed, { state: 'failed' }> }) {
  if (deed.status !== 401) return <>{deed.text}.</>;
  return (
    <>
      you are signed out.{' '}
      <a href={`/signin?to=${encodeURIComponent(location.pathname + location.search)}`} target="_blank" rel="noopener">
        Sign in in another tab
      </a>
      , then do it again here: what you typed stays.
    </>
  );
}
