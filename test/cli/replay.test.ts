import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { StartError } from '../../local/start-error.ts';
import { project, tocsin, understood } from './run.ts';

const start = Date.UTC(2026, 0, 5, 9);
/** An hour of latencies: calm, twenty minutes of trouble, calm. */
const samples = Array.from({ length: 60 }, (_, minute) => ({
  metric: 'latency',
  timestamp: new Date(start + minute * 60_000).toISOString(),
  value: minute >= 20 && minute < 40 ? 250 : 40 + (minute % 7),
}));
/** A day of predictions that are wrong from the afternoon on. */
const predictions = Array.from({ length: 240 }, (_, n) => ({
  timestamp: new Date(start + n * 360_000).toISOString(),
  prediction: 1,
  label: n < 120 || n % 3 === 0 ? 1 : 0,
}));

const csv = (rows: Record<string, unknown>[]): string =>
  [Object.keys(rows[0] ?? {}).join(','), ...rows.map((row) => Object.values(row).join(','))].join('\n');
const lines = (rows: unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n');

const cwd = project({
  'latency.csv': csv(samples.map(({ timestamp, value }) => ({ timestamp, value }))),
  'samples.ndjson': lines(samples),
  'samples.jsonl.gz': gzipSync(lines(samples)),
  'samples.json': JSON.stringify(samples),
  'churn.csv.gz': gzipSync(csv(predictions)),
  'upside-down.ndjson': lines([...samples].reverse()),
  'some-bad.ndjson': `${lines(samples)}\nnot json\n{"metric":"latency","value":"x","timestamp":"2026-01-05T09:00Z"}\n`,
  'empty.csv': '',
  'only-a-header.csv': 'timestamp,value\n',
  'wrong-columns.csv': 'time,amount\n2026-01-05T09:00Z,1\n',
  'all-bad.ndjson': '1\n2\n',
  'broken.json': '[{"metric": ',
  'broken.csv': 'timestamp,value\n"2026-01-05T09:00Z,1\n',
  'broken.csv.gz': 'no gzip',
  'broken.ndjson.gz': 'no gzip',
  'cut.ndjson.gz': gzipSync(lines(samples)).subarray(0, 100),
  'notes.txt': 'x',
  'folder.csv/x': '',
  'folder.ndjson/x': '',
});

const replayed = (file: string, source: string, ...more: string[]) =>
  tocsin(['replay', file, '--source', source, ...more], { cwd });

describe.concurrent('tocsin replay', () => {
  it('gives the same timeline to the byte, run after run, from every kind of file', async ({ expect }) => {
    const files = ['latency.csv', 'latency.csv', 'samples.ndjson', 'samples.jsonl.gz', 'samples.json', 'upside-down.ndjson'];
    const [first, ...others] = await Promise.all(files.map((file) => replayed(file, 'sensor', '--json')));
    expect(first).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^60 records from 2026-01-05T09:0.*; 1 incident, 1 of them critical, 0 open at the end\.\n$/),
    });
    const entries = first?.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries?.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['opened', 'alert fired', 'page', 'page delivered', 'escalated', 'resolved']),
    );
    expect(entries?.[0]).toMatchObject({ kind: 'opened', at: Date.UTC(2026, 0, 5, 9, 21) });
    for (const other of others) expect.soft(other.out).toBe(first?.out);
  });

  it('tells the same for people, and what became of it', async ({ expect }) => {
    const { code, out, err } = await replayed('churn.csv.gz', 'churn');
    expect(code).toBe(0);
    expect(out).toMatch(/^2026-01-0\d \d\d:00:00Z {2}critical {2}opened/m);
    expect(out).not.toContain('\u001b');
    expect(err).toMatch(/^240 records from .* to .*; 1 incident, 1 of them critical, /);
  });

  it('goes on past bad records, and counts them', async ({ expect }) => {
    const { code, err } = await replayed('some-bad.ndjson', 'sensor', '--json');
    expect(code).toBe(0);
    expect(err).toMatch(
      /60 records .*; 2 refused \(the first, line 61: expected one JSON record; received "not json" at position 0\)/,
    );
  });

  it('ends with one line and 1 when the file cannot be read', async ({ expect }) => {
    expect(await replayed('nowhere.csv', 'sensor')).toEqual({
      code: 1,
      out: '',
      err: expect.stringMatching(/^tocsin: nowhere\.csv cannot be read: ENOENT.*\n$/),
    });
  });
});

describe('a replay that cannot begin', () => {
  const where = ['--config', join(cwd, 'config'), '--runbooks', join(cwd, 'runbooks')];
  const replay = (file: string, ...more: string[]) => understood(['replay', join(cwd, file), ...where, ...more]);

  it.each([
    ['nothing is there', 'nowhere.ndjson', /cannot be read: ENOENT/],
    ['it is empty', 'empty.csv', /has no record that can be read$/],
    ['it is only a header', 'only-a-header.csv', /has no record that can be read$/],
    [
      'its columns have other names',
      'wrong-columns.csv',
      /has no column timestamp, value; it has time, amount\. Name the right ones in the source's `columns`/,
    ],
    ['no record is good', 'all-bad.ndjson', /has no record that can be read; the first, line 1, is refused: expected a record/],
    ['it is broken JSON', 'broken.json', /cannot be read: expected JSON; it ends too early, at position 12/],
    ['it is a broken CSV', 'broken.csv', /cannot be read: .*[Qq]uote/],
    ['it is no gzip', 'broken.csv.gz', /cannot be read: incorrect header check/],
    ['its lines are no gzip', 'broken.ndjson.gz', /cannot be read: incorrect header check/],
    ['its gzip is cut off', 'cut.ndjson.gz', /cannot be read: unexpected end of file/],
    ['it is a folder', 'folder.csv', /cannot be read: EISDIR/],
    ['it is a folder of lines', 'folder.ndjson', /cannot be read: EISDIR/],
    [
      'its kind is unknown',
      'notes.txt',
      /^expected a \.csv, \.parquet, \.ndjson, \.jsonl or \.json file, the text ones gzipped or not; received .*notes\.txt$/,
    ],
  ])('says that %s', async (_, file, message) => {
    const attempt = replay(file, '--source', 'sensor');
    await expect(attempt).rejects.toThrow(StartError);
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.not.toThrow(/\n/);
  });

  it.each([
    [[], /^name the source that the file replaces with --source: sensor, churn$/],
    [['--source', 'sensr'], /--source: sensor, churn; received "sensr"$/],
    [['--source', 'constructor'], /received "constructor"$/],
  ])('asks for the source, given %j', async (args, message) => {
    await expect(replay('samples.ndjson', ...args)).rejects.toThrow(message);
  });
});
