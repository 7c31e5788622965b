/**
 * The installed console has its worker from the start: without it, no page says that there is no
 * connection.
 */
export function startWorker(): void {
  if (!matchMedia('(display-mode: standalone)').matches || !('serviceWorker' in navigator)) return;
  // Without it the console works as in a browser.
  void import('../data/push.ts').then(({ workerHere }) => workerHere()).catch(() => {});
}
