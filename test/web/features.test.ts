import { describe, expect, it } from 'vitest';
import { featuresCsv, outlineOf, plotsOf, shareRows } from '../../web/screens/features/bars.ts';

const bins = (edges: number[], counts: number[], more = { below: 0, above: 0 }) => ({ edges, counts, ...more });

describe('bars of a distribution', () => {
  it('are shares on one scale, however many values a side has', () => {
    const both = { baseline: bins([0, 1, 2], [300, 100]), current: bins([0, 1, 2], [1, 3]) };
    const [plot] = plotsOf({ kind: 'numbers', apart: false, ...both });
    expect(plot?.baseline.map(({ height }) => Math.round(height))).toEqual([100, 33]);
    expect(plot?.current.map(({ height }) => Math.round(height))).toEqual([33, 100]);
    expect(outlineOf(plot?.current ?? [])).toMatch(/^M0\.00 100V.*V100$/);
  });

  it('stand in two plots where both share no range', () => {
    const picture = { baseline: bins([0, 12, 24], [5, 5]), current: bins([600, 1200], [9]) };
    const plots = plotsOf({ kind: 'numbers', apart: true, ...picture });
    expect(plots.map(({ ticks }) => ticks)).toEqual([
      ['0', '12', '24'],
      ['600', '900', '1200'],
    ]);
    expect(shareRows({ kind: 'numbers', apart: true, ...picture })).toHaveLength(3);
  });

  it('of whole numbers are named by the numbers', () => {
    const days = bins([-0.5, 0.5, 1.5, 2.5], [1, 1, 1]);
    expect(plotsOf({ kind: 'numbers', apart: false, current: days })[0]?.ticks).toEqual(['0', '1', '2']);
  });
});

it('a copied table holds no formula, whatever a feature is called', () => {
  const verdict = { status: 'ok' as const, reason: '' };
  const feature = { ...{ labels: {}, verdict, distances: [], sentence: '', pictureText: '', notes: [] }, feature: '=1+1,"x"' };
  expect(featuresCsv([feature]).split('\n')[1]).toMatch(/^"'=1\+1,""x""",ok,/);
});
