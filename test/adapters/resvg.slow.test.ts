import fc from 'fast-check';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import { mostPngBytes, openResvg } from '../../adapters/resvg/index.ts';
import { indexed } from '../../adapters/resvg/palette.ts';
import { chartPicture } from '../../core/charts/chart-picture.ts';
import { resvgFiles } from '../../local/charts/files.ts';
import { exampleChart, worstChart } from '../charts/example-chart.ts';

let draw: Awaited<ReturnType<typeof openResvg>>;
beforeAll(async () => {
  draw = await openResvg(resvgFiles());
});

const darkAt = (png: Uint8Array): number => {
  const { data, palette = [] } = decode(png);
  return [...data].filter((place) => (palette[place] ?? [255]).slice(0, 3).every((part) => (part as number) < 100)).length;
};

describe('a chart as a picture', () => {
  it('is as wide as a phone, with twice the pixels, and under 60 kB', () => {
    const png = draw(chartPicture(exampleChart()));
    expect(decode(png)).toMatchObject({ width: 800, channels: 1 });
    expect(png.length).toBeLessThan(mostPngBytes);
  });

  it('is drawn smaller where it would be too large', () => {
    const png = draw(chartPicture(worstChart()));
    expect(png.length).toBeLessThanOrEqual(mostPngBytes);
    expect(decode(png).width).toBeGreaterThanOrEqual(400);
  });

  it('has texts, in the font that it brings', () => {
    const chart = exampleChart({ points: [], marks: [] });
    const [named, unnamed] = ['Accuracy of flight delays', ' '].map((title) => darkAt(draw(chartPicture({ ...chart, title }))));
    expect(named).toBeGreaterThan((unnamed ?? 0) + 500);
  });

  it.each(['Точность', 'Ακρίβεια', 'größer', '▶ 7 → 8 …'])('has letters for %s', (title) => {
    const chart = exampleChart({ points: [], marks: [] });
    expect(darkAt(draw(chartPicture({ ...chart, title })))).toBeGreaterThan(
      darkAt(draw(chartPicture({ ...chart, title: ' ' }))) + 80,
    );
  });

  it('draws equal bytes of equal charts', () => {
    expect(Buffer.from(draw(chartPicture(exampleChart()))).equals(draw(chartPicture(exampleChart())))).toBe(true);
  });
});

it('colours that are few stay as they are, and many become the nearest of 256', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)), { minLength: 1, maxLength: 600 }), (colours) => {
      const pixels = Uint8Array.from(colours.flatMap(([r, g, b]) => [r, g, b, 255]));
      const { data, palette } = indexed(pixels);
      expect(palette.length).toBeLessThanOrEqual(256);
      const distinct = new Set(colours.map(String)).size;
      if (distinct > 256) return expect(Math.max(...data)).toBeLessThan(palette.length);
      expect([...data].map((place) => palette[place])).toEqual(colours);
      return undefined;
    }),
    { numRuns: 30 },
  );
});
