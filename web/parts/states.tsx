import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Answer, Fault } from '../data/answer.ts';

/** After this long a person wonders; before it, a word would only flash. */
const wordAfterMs = 300;

/** In the place and size of what comes. `what`: such as `judgements of 3 days`. */
export function Loading({ what, lines = 6 }: { what: string; lines?: number }) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), wordAfterMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="panel" aria-busy="true">
      <div class="in stack">
        {isLate ? <p class="dim">Loading {what}…</p> : null}
        {Array.from({ length: lines }, (_, line) => (
          <div key={line} class="skeleton" />
        ))}
      </div>
    </div>
  );
}

/** What failed, and what a person can do. */
export function Failed({ what, fault }: { what: string; fault: Fault }) {
  if (fault.status === 401)
    return (
      <p class="note warn">
        You are signed out. <a href={`/signin?to=${encodeURIComponent(location.pathname + location.search)}`}>Sign in</a> to see{' '}
        {what}.
      </p>
    );
  if (fault.status === 403)
    return (
      <p class="note warn">
        You may not see {what}: {fault.text}.
      </p>
    );
  if (fault.status === 404) return <p class="note">{fault.text}.</p>;
  return (
    <p class="note critical">
      {what[0]?.toUpperCase()}
      {what.slice(1)} cannot be read: {fault.text}. This page goes on asking. Pages go out all the same.
    </p>
  );
}

/**
 * Shows an answer, or that it loads or failed. What is known stays shown when asking again fails.
 */
export function Shown<T>(props: { answer: Answer<T>; what: string; lines?: number; children(value: T): ComponentChildren }) {
  const { answer, what, lines, children } = props;
  if (answer.value !== undefined)
    return (
      <>
        {answer.fault === undefined || answer.fault.status === undefined ? null : <Failed what={what} fault={answer.fault} />}
        {children(answer.value)}
      </>
    );
  if (answer.fault !== undefined) return <Failed what={what} fault={answer.fault} />;
  return <Loading what={what} {...(lines === undefined ? {} : { lines })} />;
}
