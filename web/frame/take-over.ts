import { effect, signal } from '@preact/signals';

/** Whether the first screen has something to show. */
export const isReady = signal(false);

/** A server's page is readable meanwhile; an empty one shows that it loads. */
const waitMs = 1500;

/** Shows the console in place of the server's page, at once where that page is empty. */
export function takeOver(root: HTMLElement): void {
  const page = document.getElementById('page');
  const show = (): void => {
    const style = document.querySelector<HTMLLinkElement>('#console-style');
    if (style !== null) style.media = 'all';
    document.getElementById('page-style')?.remove();
    page?.remove();
    root.hidden = false;
  };
  if (page === null || page.dataset['bare'] !== undefined) {
    show();
    return;
  }
  const stop = effect(() => {
    if (isReady.value) show();
  });
  setTimeout(() => {
    stop();
    show();
  }, waitMs);
}
