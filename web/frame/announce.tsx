import { type Signal, signal } from '@preact/signals';
import { useState } from 'preact/hooks';

/** Each message is an object of its own, so that one that is said again is said again. */
type Message = { text: string };

const nothing: Message = { text: '' };
const polite = signal(nothing);
const assertive = signal(nothing);
let waiting: string[] = [];

/** Messages of one second are read together. */
const batchMs = 1000;

/** Tells a screen reader when it has time. */
export function say(text: string): void {
  waiting.push(text);
  if (waiting.length > 1) return;
  setTimeout(() => {
    polite.value = { text: waiting.join('. ') };
    waiting = [];
  }, batchMs);
}

/**
 * Interrupts: only for a new critical incident that pages the viewer, and for an action that
 * failed.
 */
export function sayNow(text: string): void {
  assertive.value = nothing;
  setTimeout(() => {
    assertive.value = { text };
  });
}

/**
 * What screen readers watch: one of each for all screens, and one in each open dialog, for what is
 * behind a dialog is not read. What was said before it opened is not said again.
 */
export function LiveRegions() {
  return (
    <>
      <div class="vh" role="status">
        {useSince(polite)}
      </div>
      <div class="vh" role="alert">
        {useSince(assertive)}
      </div>
    </>
  );
}

function useSince({ value }: Signal<Message>): string {
  const [first] = useState(value);
  return value === first ? '' : value.text;
}
