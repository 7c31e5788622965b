/** What Tab stops at; a native dialog lets it go on into the bars of the browser. */
const stops = 'a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex="0"]';

/** In a dialog, Tab goes from the last stop to the first, and back. */
export function keepTabInside(event: KeyboardEvent): void {
  if (event.key !== 'Tab' || event.altKey || event.ctrlKey || event.metaKey) return;
  const box = event.currentTarget as HTMLElement;
  const all = [...box.querySelectorAll<HTMLElement>(stops)].filter(
    (one) => one.tabIndex >= 0 && !one.matches(':disabled') && one.checkVisibility(),
  );
  const [first, last] = [all[0], all.at(-1)];
  const from = event.shiftKey ? first : last;
  if (first === undefined || last === undefined || (document.activeElement !== from && document.activeElement !== box)) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
}
