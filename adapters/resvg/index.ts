/**
 * Draws SVG as PNG by resvg, compiled to WebAssembly: the same bytes on every machine, and no
 * native module for each kind of Lambda.
 *
 * - It opens nothing: an SVG names no file and no address that it follows, and fonts are those that
 *   are given here.
 * - A PNG has at most 256 colours, which halves it, and is drawn smaller where that is not enough.
 * - It takes the thread for some tenths of a second.
 */
import { readFile } from 'node:fs/promises';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { encode } from 'fast-png';
import { indexed } from './palette.ts';

/** Paths of the WebAssembly and of the fonts. */
export type ResvgFiles = { wasm: string; fonts: readonly string[] };

/** Whoever pays for a telephone's data pays for no more than this. */
export const mostPngBytes = 60_000;
/** Pixels of the file for one of the SVG, best first. */
const zooms = [2, 1.5, 1] as const;

let compiled: Promise<void> | undefined;

/** A process compiles it once. */
export async function openResvg({ wasm, fonts }: ResvgFiles): Promise<(svg: string) => Uint8Array> {
  compiled ??= readFile(wasm).then((bytes) => initWasm(bytes));
  const [fontBuffers] = await Promise.all([Promise.all(fonts.map((path) => readFile(path))), compiled]);
  return (svg) => {
    let png = new Uint8Array();
    for (const zoom of zooms) {
      png = drawn(svg, zoom, fontBuffers);
      if (png.length <= mostPngBytes) break;
    }
    return png;
  };
}

function drawn(svg: string, zoom: number, fontBuffers: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const font = { fontBuffers, defaultFontFamily: 'Inter', sansSerifFamily: 'Inter' };
  const picture = new Resvg(svg, { fitTo: { mode: 'zoom', value: zoom }, background: '#fff', font });
  try {
    const image = picture.render();
    try {
      const { width, height } = image;
      return Uint8Array.from(encode({ width, height, channels: 1, depth: 8, ...indexed(image.pixels) }));
    } finally {
      image.free();
    }
  } finally {
    // WebAssembly has no garbage collector.
    picture.free();
  }
}
