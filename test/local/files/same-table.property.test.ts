import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parquetWriteFile } from 'hyparquet-writer';
import { afterAll, describe, expect, it } from 'vitest';
import { foldPredictions, ingestPredictions } from '../../../app/ingest/ingest.ts';
import type { FoldBatch } from '../../../core/telemetry/samples/fold.ts';
import type { PredictionRecord } from '../../../core/telemetry/samples/records.ts';
import type { PredictionsSourceConfig } from '../../../core/telemetry/sources/kinds/predictions.ts';
import { readRecords } from '../../../local/read-records.ts';
import { runtimeOf, t0 } from '../../app/runtime.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-tables-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A decimal with its digits, such as a version; JSON writes it as a number. */
type Decimal = { decimal: string };
type Value = string | number | bigint | boolean | Decimal | null;
type ColumnType = 'INT64' | 'DOUBLE' | 'BOOLEAN' | 'STRING';
type Column = { name: string; type: ColumnType; value: fc.Arbitrary<Value> };

const orNull = (value: fc.Arbitrary<Value>): fc.Arbitrary<Value> => fc.option(value, { freq: 4 });
const double = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map((value) => value + 0);
const code = fc.constantFrom(
  'True',
  '01067',
  '10115',
  '1e5',
  '0x1F',
  'NA',
  'NaN',
  'null',
  '1.10',
  '1.1',
  '7300000000000000001',
  'a "b", c',
);
const long = fc.bigInt({ min: 7_300_000_000_000_000_000n, max: 7_300_000_000_000_000_099n });
const decimal: fc.Arbitrary<Value> = fc.constantFrom('1.10', '1.9', '2.00').map((text) => ({ decimal: text }));

const columns: Column[] = [
  { name: 'id', type: 'INT64', value: long },
  { name: 'version', type: 'STRING', value: decimal },
  { name: 'prediction', type: 'STRING', value: fc.constantFrom('01', '1', '10', 'x') },
  { name: 'label', type: 'STRING', value: orNull(fc.constantFrom('01', '1', '10', 'x')) },
  { name: 'score', type: 'DOUBLE', value: orNull(fc.double({ noNaN: true, min: 0, max: 1 })) },
  { name: 'value', type: 'DOUBLE', value: orNull(fc.integer({ min: 0, max: 99_999 }).map((cents) => cents / 100)) },
  { name: 'rate', type: 'DOUBLE', value: orNull(double) },
  { name: 'age', type: 'INT64', value: orNull(fc.bigInt({ min: -200n, max: 200n })) },
  { name: 'member', type: 'BOOLEAN', value: orNull(fc.boolean()) },
  { name: 'zip', type: 'STRING', value: orNull(code) },
  { name: 'note', type: 'STRING', value: orNull(code) },
  { name: 'customer', type: 'INT64', value: orNull(long) },
  { name: 'app', type: 'STRING', value: orNull(decimal) },
  { name: 'vip', type: 'BOOLEAN', value: orNull(fc.boolean()) },
  { name: 'free_number', type: 'DOUBLE', value: orNull(double) },
  { name: 'free_flag', type: 'BOOLEAN', value: orNull(fc.boolean()) },
  { name: 'free_text', type: 'STRING', value: orNull(code) },
];
const features = columns.slice(6).map(({ name }) => name);
const runtime = () =>
  runtimeOf({
    sources: {
      shop: {
        kind: 'predictions',
        model: 'prices',
        value: { unit: 'EUR' },
        schema: {
          rate: { type: 'number', min: -1e6, max: 1e6 },
          age: { type: 'integer' },
          member: { type: 'boolean' },
          zip: { type: 'category', values: ['01067', '10115', 'true'] },
          note: { type: 'text' },
          customer: { type: 'category' },
        },
        features: ['free_number', 'free_flag', 'free_text'],
        segments: { app: ['1.10', '1.9'], vip: ['true'] },
        profiles: features,
      },
    },
  });

type Row = Record<string, Value>;
/** A table whose undeclared text would show that it is text. */
const table = fc
  .uniqueArray(fc.record(Object.fromEntries(columns.map(({ name, value }) => [name, value]))), {
    selector: ({ id }) => id,
    minLength: 1,
    maxLength: 12,
  })
  .map((rows): Row[] => rows.map((row, i) => ({ ...row, ...(i === 0 && { free_text: 'DE', prediction: 'x', label: 'x' }) })));

/** As Python writes it: a whole float with its point. */
const numberText = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

function csvCell(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'object') return value.decimal;
  return /[",]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
}
function jsonValue(value: Value): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return numberText(value);
  return typeof value === 'object' && value !== null ? value.decimal : JSON.stringify(value);
}
const timeOf = (row: number): string => new Date(t0 + row * 1000).toISOString();
const jsonRecord = (row: Row, i: number): string => {
  const member = (name: string): string => `"${name}": ${jsonValue(row[name] as Value)}`;
  const fields = columns.slice(0, 6).map(({ name }) => member(name));
  return `{"timestamp": "${timeOf(i)}", ${fields.join(', ')}, "features": {${features.map(member).join(', ')}}}`;
};
const flatRecord = (row: Row, i: number): string =>
  `{"timestamp": "${timeOf(i)}", ${columns.map(({ name }) => `"${name}": ${jsonValue(row[name] as Value)}`).join(', ')}}`;

function write(rows: Row[]): Record<'csv' | 'parquet' | 'lines' | 'flat', string> {
  const path = {
    csv: join(folder, 't.csv'),
    parquet: join(folder, 't.parquet'),
    lines: join(folder, 't.ndjson'),
    flat: join(folder, 'f.ndjson'),
  };
  const names = columns.map(({ name }) => name);
  const lines = rows.map((row, i) => [i, timeOf(i), ...names.map((name) => csvCell(row[name] as Value))].join(','));
  writeFileSync(path.csv, `${['', 'timestamp', ...names].join(',')}\n${lines.join('\n')}\n`);
  const stored = (value: Value) => (typeof value === 'object' && value !== null ? value.decimal : value);
  parquetWriteFile({
    filename: path.parquet,
    columnData: [
      { name: 'timestamp', data: rows.map((_, i) => new Date(t0 + i * 1000)), type: 'TIMESTAMP' },
      ...columns.map(({ name, type }) => ({ name, type, data: rows.map((row) => stored(row[name] as Value)) })),
    ],
  });
  writeFileSync(path.lines, rows.map(jsonRecord).join('\n'));
  writeFileSync(path.flat, rows.map(flatRecord).join('\n'));
  return path;
}

/** What the records add to the store, in an order of its own. */
async function added(take: (run: ReturnType<typeof runtime>) => Promise<{ accepted: number; duplicates: number }>) {
  const run = runtime();
  const deltas: FoldBatch['deltas'] = [];
  run.ports.observeFold = (some) => void deltas.push(...some);
  const { accepted, duplicates } = await take(run);
  await run.ports.store.close();
  return { accepted, duplicates, deltas: deltas.sort((a, b) => (a.series.key < b.series.key ? -1 : 1)) };
}

describe('a table', () => {
  it('counts the same from CSV, Parquet, lines of JSON, and over HTTP', async () => {
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const path = write(rows);
        const fromFile = (file: string) =>
          added(async ({ ports }) => {
            const { records, rejected } = await readRecords(file, ports.config.sources['shop'] as PredictionsSourceConfig);
            expect(rejected).toEqual([]);
            const all = records.map(({ record }) => record as PredictionRecord);
            return foldPredictions(ports, 'shop', all, 'all', t0 + 60_000);
          });
        const overHttp = (contentType: string, text: string) =>
          added(({ ports }) => ingestPredictions(ports, undefined, { contentType, text }, t0 + 60_000));
        const csv = await fromFile(path.csv);
        expect(csv.accepted).toBe(rows.length);
        const valued = csv.deltas.flatMap(({ series, summary }) =>
          series.metric === 'predictions' && summary.kind === 'predictions' ? [summary.stakes?.valued ?? 0] : [],
        );
        expect(valued.reduce((sum, one) => sum + one, 0)).toBe(rows.filter(({ value }) => value !== null).length);
        expect(await fromFile(path.parquet)).toEqual(csv);
        expect(await fromFile(path.lines)).toEqual(csv);
        expect(await fromFile(path.flat)).toEqual(csv);
        expect(await overHttp('application/x-ndjson', rows.map(jsonRecord).join('\n'))).toEqual(csv);
        expect(await overHttp('application/json', `[${rows.map(jsonRecord).join(',')}]`)).toEqual(csv);
      }),
      { numRuns: 10 },
    );
  });
});
