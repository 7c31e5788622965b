import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ResvgFiles } from '../../adapters/resvg/index.ts';

const fonts = join(import.meta.dirname, '../../adapters/resvg/fonts');

/** Where a clone of the repository has them. */
export const resvgFiles = (): ResvgFiles => ({
  wasm: createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm'),
  fonts: ['Inter-Regular.ttf', 'Inter-SemiBold.ttf'].map((name) => join(fonts, name)),
});
