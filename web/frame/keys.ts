import { signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { kept } from '../data/kept.ts';

/** What a key does. `text` is what `?` and the palette show, such as `Acknowledge`. */
export type KeyDeed = {
  text: string;
  run(): void;
  /** It changes what is served, and opens a dialog first. */
  asks?: boolean;
};

/** By `KeyboardEvent.key`, in lower case: `a`, `enter`, `[`; after `g`: `g n`. */
export type Keys = Readonly<Record<string, KeyDeed>>;

/** Single letters can be turned off (WCAG 2.1.4): speech input types them. */
export const letters = kept('letters', ['on', 'off']);

type Layer = { name: string; keys: () => Keys };
const layers = signal<readonly Layer[]>([]);

/** What can be done by key now, the innermost first. */
export const keysNow = (): { name: string; keys: Keys }[] =>
  layers.value.toReversed().map(({ name, keys }) => ({ name, keys: keys() }));

/** Offers keys while a screen or part is shown. An inner one goes before an outer one. */
export function useKeys(name: string, keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  // Before it is painted: who sees a thing may press its key at once.
  useLayoutEffect(() => {
    const layer: Layer = { name, keys: () => latest.current };
    layers.value = [...layers.value, layer];
    return () => {
      layers.value = layers.value.filter((one) => one !== layer);
    };
  }, [name]);
}

/**
 * When `G` was pressed, in the time of events: a page that is busy handles keys late, and in order.
 */
let gAt: number | undefined;

/** How long `G` waits for the letter of a screen: who types slowly has time to. */
const afterGMs = 5000;

/** Inputs that letters are not typed into. */
const pressed = /^(checkbox|radio|button|submit)$/;

/** Whether keys belong to what has the focus, such as a field. */
function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement && pressed.test(target.type)) return false;
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
  const key = event.key.toLowerCase();
  if (key.length === 1 && letters.value === 'off') return;
  // Enter and the space bar belong to the link or button that has the focus.
  if (key === 'enter' && event.target instanceof HTMLElement && event.target.closest('a,button,summary,input') !== null) return;
  const isAfterG = gAt !== undefined && event.timeStamp - gAt < afterGMs;
  const name = isAfterG ? `g ${key}` : key;
  gAt = undefined;
  const deed = keysNow().find(({ keys }) => Object.hasOwn(keys, name))?.keys[name];
  if (deed !== undefined) {
    event.preventDefault();
    deed.run();
  } else if (key === 'g') gAt = event.timeStamp;
}

/** Listens for keys on the whole page. */
export const listenForKeys = (): void => document.addEventListener('keydown', onKey);
