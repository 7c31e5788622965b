import { describe, expect, it } from 'vitest';
import type { FeatureSchema } from '../../../core/telemetry/sources/kinds/feature-schema.ts';
import { type Cell, type ColumnUse, cellOfText, cellOfValue, needsKind } from '../../../core/telemetry/tables/cell.ts';
import { columnKinds } from '../../../core/telemetry/tables/column-kind.ts';

/** The cells of one column of a CSV file. */
function read(texts: string[], use: ColumnUse): Cell[] {
  const kinds = columnKinds(needsKind(use) ? ['x'] : []);
  for (const x of texts) kinds.see({ x });
  return texts.map((text) => cellOfText(text, use, kinds.kinds().get('x')));
}
const feature = (type?: FeatureSchema['type']): ColumnUse => ({
  use: 'feature',
  declared: type === undefined ? undefined : { type, optional: false },
});
const odd = ['True', '01067', '1e5', '0x1F', 'NA', '', '1.10'];

describe('a cell of a file without types', () => {
  it('is what its feature is declared as', () => {
    expect(read(odd, feature('category'))).toEqual(['True', '01067', '1e5', '0x1F', 'NA', null, '1.10']);
    expect(read(odd, feature('text'))).toEqual(['True', '01067', '1e5', '0x1F', 'NA', null, '1.10']);
    expect(read(odd, feature('number'))).toEqual(['True', 1067, 100_000, '0x1F', null, null, 1.1]);
    expect(read(odd, feature('boolean'))).toEqual([true, 1067, 100_000, '0x1F', null, null, 1.1]);
    expect(read(['TRUE', 'false', ' False '], feature('boolean'))).toEqual([true, false, false]);
  });

  it('is a number where all of its column are', () => {
    expect(read(['1', '-2.50', '1e-05', '1E+16', '1.0E10', '.5', ' 7', 'NA', 'nan', 'inf', ''], feature())).toEqual([
      ...[1, -2.5, 1e-5, 1e16, 1e10, 0.5, 7, null, null, null, null],
    ]);
  });

  it('is a text where one of its column is no number', () => {
    expect(read(['10115', '01067', 'NA', ''], feature())).toEqual(['10115', '01067', 'NA', null]);
    expect(read(['1e5', '7'], feature())).toEqual(['1e5', '7']);
    expect(read(['0x1F', '7'], feature())).toEqual(['0x1F', '7']);
    expect(read(['DE', 'NA', 'NaN'], feature())).toEqual(['DE', 'NA', 'NaN']);
    expect(read(['True', '1'], feature())).toEqual(['True', '1']);
  });

  it('is missing where all of its column are', () => {
    expect(read(['NA', '', 'NaN', 'null', '-inf'], feature())).toEqual([null, null, null, null, null]);
    expect(read(['NaN', ''], { use: 'outcome' })).toEqual([null, null]);
  });

  it('is true or false where all of its column are', () => {
    expect(read(['True', 'FALSE', 'true', 'None', ''], feature())).toEqual([true, false, true, null, null]);
  });

  it('is a class as it is written, unless all classes are numbers', () => {
    const outcome: ColumnUse = { use: 'outcome' };
    expect(read(['01', '2', '10'], outcome)).toEqual(['01', '2', '10']);
    expect(read(['1', '0', '1.0', 'NA'], outcome)).toEqual([1, 0, 1, null]);
    expect(read(['True', 'False'], outcome)).toEqual([true, false]);
    expect(read(['7300000000000000001', '2'], outcome)).toEqual(['7300000000000000001', 2]);
  });

  it('keeps every digit of an id and a version', () => {
    expect(read(['7300000000000000001', '1.10', '007', 'NA', ''], { use: 'name' })).toEqual([
      ...['7300000000000000001', '1.10', '007', 'NA', null],
    ]);
  });

  it('is a time in ISO 8601 or milliseconds', () => {
    expect(read(['2026-01-05 09:00:00+00:00', '1767603600000', ''], { use: 'time' })).toEqual([
      ...['2026-01-05 09:00:00+00:00', 1_767_603_600_000, null],
    ]);
  });
});

describe('a value of a file with types', () => {
  it('is the same value of JSON', () => {
    const at = new Date('2026-01-05T09:00:00Z');
    const all = [1.5, 7n, true, 'NA', at, { decimal: '1.10' }, Number.NaN, Number.POSITIVE_INFINITY, null];
    expect(all.map((value) => cellOfValue(value, feature()))).toEqual([
      ...[1.5, 7, true, 'NA', '2026-01-05T09:00:00.000Z', 1.1, null, null, null],
    ]);
    expect(cellOfValue(at, { use: 'time' })).toBe(at.getTime());
  });

  it('keeps its digits as an id, a version, a category and a class', () => {
    const big = 7_300_000_000_000_000_001n;
    expect(cellOfValue(big, { use: 'name' })).toBe('7300000000000000001');
    expect(cellOfValue(big, { use: 'outcome' })).toBe('7300000000000000001');
    expect(cellOfValue(big, feature('category'))).toBe('7300000000000000001');
    expect(cellOfValue({ decimal: '1.10' }, { use: 'name' })).toBe('1.10');
    expect(cellOfValue(1, { use: 'name' })).toBe('1.0');
    expect(cellOfValue(1n, { use: 'outcome' })).toBe(1);
  });
});
