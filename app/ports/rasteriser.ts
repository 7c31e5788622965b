/** Draws an SVG that is whole by itself, as a PNG. Throws when it cannot, or has too much to do. */
export type Rasteriser = (svg: string) => Promise<Uint8Array>;

/** More is asked than it can draw soon: another try may work. */
export class RasteriserBusyError extends Error {
  override name = 'RasteriserBusyError';
}
