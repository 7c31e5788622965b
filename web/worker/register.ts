/**
 * Registers the worker, from a page of its own: a page of the console allows no script address that
 * is made of a text (trusted types), and this one has nothing else.
 */
navigator.serviceWorker.register('/worker.js', { scope: '/', updateViaCache: 'none' }).then(
  () => parent.postMessage({ worker: 'registered' }, location.origin),
  (error: unknown) => parent.postMessage({ worker: 'failed', text: String(error) }, location.origin),
);
