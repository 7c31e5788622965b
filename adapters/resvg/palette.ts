/** A picture whose every pixel is the place of its colour in a list of at most 256. */
export type Indexed = { data: Uint8Array; palette: [number, number, number][] };

const most = 256;

/**
 * A chart has few colours, and many shades where lines are smoothed. The most frequent stay as they
 * are, each other becomes the nearest of them. `pixels`: RGBA, opaque.
 */
export function indexed(pixels: Uint8Array): Indexed {
  const counts = new Map<number, number>();
  // Most pixels are as the one before: one look-up serves the whole run.
  forRuns(pixels, (colour, from, to) => counts.set(colour, (counts.get(colour) ?? 0) + to - from));
  const kept = [...counts].toSorted((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, most);
  const palette = kept.map(([colour]): [number, number, number] => [colour >> 16, (colour >> 8) & 255, colour & 255]);
  const places = new Map(kept.map(([colour], place) => [colour, place]));
  const data = new Uint8Array(pixels.length / 4);
  forRuns(pixels, (colour, from, to) => {
    const place = places.get(colour) ?? nearest(colour, palette);
    places.set(colour, place);
    data.fill(place, from, to);
  });
  return { data, palette };
}

function forRuns(pixels: Uint8Array, tell: (colour: number, from: number, to: number) => void): void {
  const count = pixels.length / 4;
  for (let from = 0; from < count; ) {
    const colour = colourAt(pixels, from * 4);
    let to = from + 1;
    while (to < count && colourAt(pixels, to * 4) === colour) to += 1;
    tell(colour, from, to);
    from = to;
  }
}

const colourAt = (pixels: Uint8Array, at: number): number =>
  ((pixels[at] as number) << 16) | ((pixels[at + 1] as number) << 8) | (pixels[at + 2] as number);

function nearest(colour: number, palette: readonly [number, number, number][]): number {
  const [red, green, blue] = [colour >> 16, (colour >> 8) & 255, colour & 255];
  let [place, least] = [0, Number.POSITIVE_INFINITY];
  for (const [at, [r, g, b]] of palette.entries()) {
    const distance = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
    if (distance < least) [place, least] = [at, distance];
  }
  return place;
}
