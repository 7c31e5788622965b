import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetWriteFile } from 'hyparquet-writer';
import { afterAll, describe, expect, it } from 'vitest';
import type { ConfigInput } from '../../../core/config/schema.ts';
import type { PredictionsSourceConfig } from '../../../core/telemetry/sources/kinds/predictions.ts';
import type { SamplesSourceConfig } from '../../../core/telemetry/sources/kinds/samples.ts';
import { readRecords } from '../../../local/read-records.ts';
import { readTraining } from '../../../local/read-training.ts';
import { configOf } from '../../app/runtime.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-odd-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type SourceInput = Partial<Extract<NonNullable<ConfigInput['sources']>[string], { kind: 'predictions' }>>;
const sourceWith = (more: SourceInput = {}) =>
  configOf({ sources: { shop: { kind: 'predictions', model: 'prices', ...more } } }).sources['shop'] as PredictionsSourceConfig;
const samples = configOf({ sources: { s: { kind: 'samples' } } }).sources['s'] as SamplesSourceConfig;
const time = '2026-01-05T09:00:00Z';
const at = Date.parse(time);

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
async function read(
  name: string,
  content: string | Uint8Array,
  source: PredictionsSourceConfig | SamplesSourceConfig = sourceWith(),
) {
  const { records, rejected } = await readRecords(fileOf(name, content), source);
  return { records: records.map(({ record }) => record as Record<string, unknown>), rejected };
}
const featuresOf = async (name: string, content: string, more: SourceInput = {}) =>
  (await read(name, content, sourceWith(more))).records.map(({ features }) => features);

describe('a CSV column in which every cell says that it is missing', () => {
  const marks = ['', 'NaN', 'nan', 'NA', 'null', 'None', 'inf', '-inf', '<NA>', '#N/A', 'NaT', 'Infinity'];

  it('has no value in any row, whatever the marks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...marks), { minLength: 1, maxLength: 8 }), async (cells) => {
        const rows = cells.map((cell) => `${time},1,${cell}`);
        const found = await featuresOf('all-missing.csv', `timestamp,prediction,x\n${rows.join('\n')}\n`);
        expect(found).toEqual(cells.map(() => ({ x: null })));
        const { features } = await readTraining(
          join(folder, 'all-missing.csv'),
          sourceWith({ features: ['x'], profiles: true }),
          {},
        );
        expect(features['x']).toMatchObject({ nulls: cells.length });
      }),
      { numRuns: 40 },
    );
  });

  it('does not make a number of a column of texts', async () => {
    const text = `timestamp,prediction,x\n${time},1,NA\n${time},1,DE\n`;
    expect(await featuresOf('texts.csv', text)).toEqual([{ x: 'NA' }, { x: 'DE' }]);
  });
});

describe('a file called .csv that is separated by something else', () => {
  it.each(['\t', ';', '|'])('%j is refused, and not read as one text a row', async (sign) => {
    const text = `x,prediction,label\n1,1,1\n2,0,1\n`.replaceAll(',', sign);
    const path = fileOf('separated.csv', text);
    await expect(readTraining(path, sourceWith({ profiles: true, features: ['x'] }), {})).rejects.toThrow(
      'expected columns separated by commas, not by',
    );
    await expect(readRecords(path, sourceWith())).rejects.toThrow('expected columns separated by commas, not by');
  });

  it('may have such a sign in the names of its columns', async () => {
    const { features } = await readTraining(fileOf('signs.csv', 'a;b,c|d\n1,2\n'), sourceWith(), {});
    expect(Object.keys(features)).toEqual(['a;b', 'c|d']);
  });
});

describe('a CSV row of more or fewer cells than the header', () => {
  it('is refused by its line, and no cell is moved or lost', async () => {
    const text = `timestamp,prediction,a,b\r\n${time},1,2,"x\r\ny"\r\n\r\n${time},1,2\r\n${time},1,2,3,4\r\n${time},0,5,6\r\n${time},0,5,6,\r\n`;
    const { records, rejected } = await read('ragged.csv', text);
    expect(records.map(({ features }) => features)).toEqual([
      { a: 2, b: 'x\r\ny' },
      { a: 5, b: '6' },
    ]);
    expect(rejected).toEqual([
      { place: 'line 5', reason: 'expected 4 cells, as many as the header has; received 3' },
      { place: 'line 6', reason: 'expected 4 cells, as many as the header has; received 5' },
      { place: 'line 8', reason: 'expected 4 cells, as many as the header has; received 5' },
    ]);
  });

  it('is refused, and every other row is whole, whatever the cells hold', async () => {
    const odd = fc.constantFrom('', 'NaN', '1', 'NA', ' x ', '"', 'a,b', 'x\ny', '\u2028', '__proto__', 'München', '0x1F');
    const cells = fc.array(odd, { minLength: 2, maxLength: 4 });
    const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
    const source = sourceWith({ schema: { a: { type: 'text' }, b: { type: 'text' }, c: { type: 'text' } } });
    await fc.assert(
      fc.asyncProperty(fc.array(cells, { minLength: 1, maxLength: 8 }), async (rows) => {
        const lines = rows.map((row, i) => [time, i, 'x', ...row.map(quoted)].join(','));
        const { records, rejected } = await read('rows.csv', `timestamp,id,prediction,a,b,c\n${lines.join('\n')}`, source);
        expect(rejected).toHaveLength(rows.filter(({ length }) => length !== 3).length);
        const whole = rows.flatMap((row, i) => (row.length === 3 ? [{ id: `${i}`, cells: row }] : []));
        const found = records.map(({ id, features }) => ({
          id,
          cells: Object.values(features as object).map((cell) => cell ?? ''),
        }));
        expect(found).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });

  it('is refused as a sample and as training data too', async () => {
    const { records, rejected } = await read('m.csv', `timestamp,value\n${time},1,2\n${time}\n${time},3\n`, samples);
    expect([records.length, rejected.map(({ place }) => place)]).toEqual([1, ['line 2', 'line 3']]);
    const training = await readTraining(fileOf('t.csv', 'a,label,prediction\n1,1,1\n1,1\n'), sourceWith(), {});
    expect(training).toMatchObject({ rows: 1, refused: 1, rejected: [{ place: 'line 3' }] });
  });
});

describe('a flat row of JSON', () => {
  const columns = { prediction: 'y', score: 's', label: 'truth', features: ['a', 'b'] };

  it('may leave out an optional column, and lines may differ in what they leave out', async () => {
    const lines = [
      { timestamp: time, y: 1, s: 0.5, truth: 1, a: 1, b: 2 },
      { timestamp: time, y: 0, a: 1 },
      { timestamp: time, y: 0, s: 0.2, b: 2 },
    ];
    const { records, rejected } = await read(
      'left-out.ndjson',
      lines.map((one) => JSON.stringify(one)).join('\n'),
      sourceWith({ columns }),
    );
    expect(rejected).toEqual([]);
    expect(records).toMatchObject([
      { prediction: 1, score: 0.5, label: 1, features: { a: 1, b: 2 } },
      { prediction: 0, score: undefined, features: { a: 1 } },
      { prediction: 0, score: 0.2, features: { b: 2 } },
    ]);
    const asJson = await read('left-out.json', JSON.stringify(lines), sourceWith({ columns }));
    expect(asJson.records).toEqual(records);
  });

  it('may leave it out in the first line of training data', async () => {
    const lines = [
      { y: 0, truth: 1, a: 1 },
      { y: 0, truth: 1, s: 0.2, b: 2 },
    ];
    const path = fileOf('training.ndjson', lines.map((one) => JSON.stringify(one)).join('\n'));
    expect(await readTraining(path, sourceWith({ columns }), {})).toMatchObject({ rows: 2, refused: 0 });
    await expect(readTraining(path, sourceWith({ columns }), { label: 'wrong' })).rejects.toThrow(/has no column wrong/);
  });

  it('may be a record as it is sent, where the source names other columns for tables', async () => {
    const sent = { timestamp: time, id: 'x', prediction: 1, score: 0.5 };
    const { records } = await read('sent.ndjson', JSON.stringify(sent), sourceWith({ columns }));
    expect(records).toMatchObject([{ id: 'x', prediction: 1, score: 0.5, features: undefined }]);
  });

  it.each(['ndjson', 'csv'])(
    'has a feature called model where its first row does not name the model of the source, as %s',
    async (kind) => {
      const rows = [
        { timestamp: time, prediction: 1, model: 'Golf' },
        { timestamp: time, prediction: 1, model: 'Polo' },
      ];
      const text =
        kind === 'csv'
          ? `timestamp,prediction,model\n${rows.map((row) => Object.values(row).join(',')).join('\n')}\n`
          : rows.map((row) => JSON.stringify(row)).join('\n');
      expect(await featuresOf(`cars.${kind}`, text)).toEqual([{ model: 'Golf' }, { model: 'Polo' }]);
      const own = await read(`own.${kind}`, text.replace('Golf', 'prices'));
      expect(own.records.map(({ model }) => model)).toEqual(['prices', 'Polo']);
    },
  );

  it('may have a feature called features', async () => {
    expect(await featuresOf('features.ndjson', JSON.stringify({ timestamp: time, prediction: 1, features: 12 }))).toEqual([
      { features: 12 },
    ]);
  });
});

describe('a file of text', () => {
  const latin1 = (text: string) => Buffer.from(text, 'latin1');

  it.each([
    ['csv', latin1(`timestamp,prediction,x\n${time},1,a\n${time},1,M\u00fcnchen\n`), 3],
    ['ndjson', latin1(`{"timestamp":"${time}","prediction":"M\u00fcnchen"}\n`), 1],
    ['json', latin1(`[{"timestamp":"${time}",\n"prediction":"M\u00fcnchen"}]`), 2],
    ['csv.gz', gzipSync(latin1(`timestamp,prediction\n${time},M\u00fcnchen`)), 2],
  ])('that is not UTF-8 is refused by its line: %s', async (ending, bytes, line) => {
    await expect(read(`latin.${ending}`, bytes)).rejects.toThrow(`is not UTF-8: line ${line} holds other bytes`);
  });

  it('that is UTF-16 is said to be', async () => {
    await expect(read('wide.csv', Buffer.from('\uFEFFtimestamp,prediction\n', 'utf16le'))).rejects.toThrow(/is UTF-16/);
  });

  it.each(['csv', 'ndjson', 'json'])('may begin with a byte order mark: %s', async (kind) => {
    const record = { timestamp: time, prediction: 1 };
    const text = { csv: `timestamp,prediction\n${time},1`, ndjson: JSON.stringify(record), json: JSON.stringify([record]) }[kind];
    expect(await read(`bom.${kind}`, `\uFEFF${text}`)).toMatchObject({ records: [{ prediction: 1 }], rejected: [] });
  });

  it('is read alike wherever its parts end, and only a newline ends a line', async () => {
    const names = Array.from({ length: 40_000 }, (_, n) => `${'é€😀\u2028'.slice(0, 1 + (n % 5))}${n}`);
    const lines = names.map((prediction) => JSON.stringify({ timestamp: time, prediction }));
    const { records, rejected } = await read('signs.ndjson', lines.join('\r\n'));
    expect(rejected).toEqual([]);
    expect(records.map(({ prediction }) => prediction)).toEqual(JSON.parse(JSON.stringify(names)));
  });

  it('names the lines that cannot be read, from 1, blank ones counted', async () => {
    const good = JSON.stringify({ timestamp: time, prediction: 1 });
    const { records, rejected } = await read(
      'lines.ndjson',
      `${good}\n\n{"timestamp": NaN}\n{"timestamp":"x","prediction":1}\n${good}\n`,
    );
    expect(records).toHaveLength(2);
    expect(rejected).toEqual([
      { place: 'line 3', reason: expect.stringMatching(/^expected one JSON record; received "NaN}" at position 14/) },
      { place: 'line 4', reason: expect.stringMatching(/^timestamp: expected ISO 8601 text/) },
    ]);
  });
});

describe('seconds since the epoch', () => {
  const seconds = at / 1000;
  const csv = `timestamp,prediction\n${seconds},1\n${seconds}.5,1\n`;

  it.each([
    ['csv', csv],
    ['ndjson', JSON.stringify({ timestamp: seconds, prediction: 1 })],
    ['json', JSON.stringify([{ timestamp: seconds, prediction: 1 }])],
  ])('are not taken for milliseconds: %s', async (kind, text) => {
    const { records, rejected } = await read(`seconds.${kind}`, text);
    expect(records).toEqual([]);
    expect(rejected[0]?.reason).toMatch(/milliseconds since the epoch; this number looks like seconds; received 17/);
  });

  it('and days are told from milliseconds however they are written', async () => {
    const of = async (cell: string) => {
      const { records, rejected } = await read('units.csv', `timestamp,prediction\n${cell},1\n`);
      return records[0]?.['timestamp'] ?? /looks like ([a-z ]+);/.exec(rejected[0]?.reason ?? '')?.[1];
    };
    expect(await of(`${at}.0`)).toBe(at);
    expect(await of('1.7676036E+12')).toBe(at);
    expect(await of('1.7676036E+09')).toBe('seconds');
    expect(await of(`${seconds}.25`)).toBe('seconds');
    expect(await of(`${at}000`)).toBe('microseconds');
    expect(await of(`${at}000000`)).toBe('nanoseconds');
    expect(await of('20260105')).toBe('a date without dashes');
    expect(await of('46027.375')).toBe('days');
  });

  it('are read where the source declares them', async () => {
    const declared = sourceWith({ columns: { timestampUnit: 'seconds' } });
    expect((await read('declared.csv', csv, declared)).records.map(({ timestamp }) => timestamp)).toEqual([at, at + 500]);
    const row = JSON.stringify({ timestamp: seconds, prediction: 1 });
    expect((await read('declared.ndjson', row, declared)).records).toMatchObject([{ timestamp: at }]);
    const ofSamples = configOf({ sources: { s: { kind: 'samples', columns: { timestampUnit: 'seconds' } } } }).sources['s'];
    expect((await read('n.csv', `timestamp,value\n${seconds},1\n`, ofSamples as SamplesSourceConfig)).records).toMatchObject([
      { timestamp: at, metric: 'n' },
    ]);
  });
});

describe('classes of digits', () => {
  const text = `timestamp,prediction,label\n${time},1,1\n${time},2,NA\n${time},7300000000000000001,None\n`;

  it('are the texts that they are where the source lists them, and only a listed one may look missing', async () => {
    const listed = sourceWith({ predicts: ['1', '2', '7300000000000000001', 'NA'] });
    expect((await read('classes.csv', text, listed)).records.map(({ prediction, label }) => [prediction, label])).toEqual([
      ['1', '1'],
      ['2', 'NA'],
      ['7300000000000000001', undefined],
    ]);
  });

  it('are numbers where it declares numbers', async () => {
    const { records } = await read(
      'numbers.csv',
      `timestamp,prediction\n${time},01\n${time},1e3\n`,
      sourceWith({ predicts: 'numbers' }),
    );
    expect(records.map(({ prediction }) => prediction)).toEqual([1, 1000]);
  });
});

it('a date of Parquet is that of a sender: a day without a time', async () => {
  const path = join(folder, 'dates.parquet');
  const column = (
    name: string,
    type: 'INT32' | 'INT64' | 'BYTE_ARRAY',
    converted_type: 'DATE' | 'TIMESTAMP_MILLIS' | 'UTF8',
  ) => ({
    ...{ name, type, converted_type, repetition_type: 'REQUIRED' as const },
  });
  parquetWriteFile({
    filename: path,
    schema: [
      { name: 'root', num_children: 4 },
      column('timestamp', 'INT64', 'TIMESTAMP_MILLIS'),
      column('prediction', 'BYTE_ARRAY', 'UTF8'),
      column('born', 'INT32', 'DATE'),
      column('seen', 'INT64', 'TIMESTAMP_MILLIS'),
    ],
    columnData: [
      { name: 'timestamp', data: [new Date(at)] },
      { name: 'prediction', data: ['a'] },
      { name: 'born', data: [new Date('1990-05-06T00:00:00Z')] },
      { name: 'seen', data: [new Date(at)] },
    ],
  });
  const { records } = await readRecords(path, sourceWith());
  expect(records.map(({ record }) => record)).toMatchObject([
    { features: { born: '1990-05-06', seen: '2026-01-05T09:00:00.000Z' } },
  ]);
});

describe('a column called value', () => {
  const rows = `timestamp,prediction,value,amount\n${time},1,5,12.5\n`;

  it('is what is at stake only where the source says in which unit; otherwise it is a feature', async () => {
    const one = async (more: SourceInput) => (await read('value.csv', rows, sourceWith(more))).records[0];
    expect(await one({})).toMatchObject({ value: undefined, features: { value: 5, amount: 12.5 } });
    expect(await one({ value: { unit: 'EUR' } })).toMatchObject({ value: 5, features: { amount: 12.5 } });
    const named = { value: { unit: 'EUR' }, columns: { value: 'amount' } };
    expect(await one(named)).toMatchObject({ value: 12.5, features: { value: 5 } });
  });

  it('is no feature of a training, either', async () => {
    const source = sourceWith({ value: { unit: 'EUR' }, profiles: true, features: ['amount'] });
    const { features } = await readTraining(fileOf('training.csv', rows), source, {});
    expect(Object.keys(features)).toEqual(['amount']);
  });
});
