import { type Rasteriser, RasteriserBusyError } from '../../app/ports/rasteriser.ts';
import type { ResvgFiles } from './index.ts';

/** Charts that wait while one is drawn. */
const mostWaiting = 4;

/**
 * A rasteriser in the thread that answers, for a function that answers one request at a time. It is
 * loaded with the first chart, and once: one that failed is loaded again.
 */
export function inProcess(files: ResvgFiles): Rasteriser {
  let opened: Promise<(svg: string) => Uint8Array> | undefined;
  let waiting = 0;
  return async (svg) => {
    if (waiting >= mostWaiting) throw new RasteriserBusyError(`${mostWaiting} charts wait to be drawn already`);
    waiting += 1;
    try {
      opened ??= import('./index.ts').then(({ openResvg }) => openResvg(files));
      return (await opened)(svg);
    } catch (error) {
      opened = undefined;
      throw error;
    } finally {
      waiting -= 1;
    }
  };
}
