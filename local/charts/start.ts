import { Worker } from 'node:worker_threads';
import { type Rasteriser, RasteriserBusyError } from '../../app/ports/rasteriser.ts';
import type { Asked, Told } from './messages.ts';

/** Charts that wait for the thread. It draws some three a second. */
const mostWaiting = 16;
/** One that takes longer is a fault; the thread is ended, and the next chart starts another. */
const drawWithinMs = 10_000;
/**
 * An SVG of a few hundred kB needs some of it. A thread that needs more ends, and not the one that
 * pages.
 */
const mostMemoryMb = 256;

type Pending = { done: (png: Uint8Array) => void; failed: (error: Error) => void; timer: NodeJS.Timeout };

/** A rasteriser in a thread of its own, which starts with the first chart. */
export function chartThread(): { rasteriser: Rasteriser; close: () => Promise<void> } {
  const pending = new Map<number, Pending>();
  let worker: Worker | undefined;
  let asked = 0;
  let isClosed = false;

  function running(): Worker {
    if (worker !== undefined) return worker;
    const own = new Worker(new URL('./worker.ts', import.meta.url), {
      name: 'charts',
      resourceLimits: { maxOldGenerationSizeMb: mostMemoryMb },
    });
    own.unref();
    own.on('message', (told: Told) => {
      const one = pending.get(told.id);
      pending.delete(told.id);
      if (one === undefined) return;
      clearTimeout(one.timer);
      if (told.error === undefined) one.done(told.png);
      else one.failed(new Error(`the chart could not be drawn: ${told.error}`));
    });
    own.once('error', (error: unknown) => ended(own, error instanceof Error ? error.message : String(error)));
    own.once('exit', () => ended(own, 'it ended'));
    worker = own;
    return own;
  }

  function ended(own: Worker, why: string): void {
    if (worker !== own) return;
    worker = undefined;
    for (const { failed, timer } of pending.values()) {
      clearTimeout(timer);
      failed(new Error(`the thread that draws charts failed: ${why}`));
    }
    pending.clear();
  }

  const rasteriser: Rasteriser = (svg) =>
    new Promise((done, failed) => {
      if (isClosed) return failed(new Error('the service is stopping'));
      if (pending.size >= mostWaiting) return failed(new RasteriserBusyError(`${mostWaiting} charts wait to be drawn already`));
      const own = running();
      const id = asked++;
      const timer = setTimeout(() => {
        ended(own, `a chart took longer than ${drawWithinMs / 1000} s`);
        void own.terminate();
      }, drawWithinMs).unref();
      pending.set(id, { done, failed, timer });
      own.postMessage({ id, svg } satisfies Asked);
    });
  return {
    rasteriser,
    async close() {
      isClosed = true;
      const own = worker;
      if (own === undefined) return;
      ended(own, 'the service is stopping');
      await own.terminate();
    },
  };
}
