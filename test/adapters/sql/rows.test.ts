import { describe, expect, it, test } from 'vitest';
import { postgresDialect } from '../../../adapters/sql/postgres.ts';
import { type Column, type ColumnType, type Row, seriesOf } from '../../../adapters/sql/rows.ts';
import { sqlKind } from '../../../core/telemetry/sources/kinds/sql.ts';

const minute = 60_000;
const t0 = Date.UTC(2026, 0, 5, 12, 0);
const time = (minutes: number): string => `${new Date(t0 + minutes * minute).toISOString().slice(0, 19).replace('T', ' ')}+00`;
const query = (more: object = {}) => sqlKind.query.parse({ query: 'select :from, :to', ...more });
const column = (name: string, type: ColumnType, typeName: string = type): Column => ({ name, type, typeName });
const usual = [column('time', 'time'), column('value', 'number'), column('country', 'text')];

const read = (rows: readonly Row[], columns: readonly Column[] = usual, more: object = {}) =>
  seriesOf(columns, rows, query(more), minute, postgresDialect);
const errorOf = (rows: readonly Row[], columns: readonly Column[] = usual, more: object = {}): string => {
  const found = read(rows, columns, more);
  return found.ok ? `no error: ${JSON.stringify(found.series)}` : found.error;
};

describe('rows of a result', () => {
  it('are points at the end of the span that a row is about, and other columns are labels', () => {
    const rows = [
      [time(1), '12.50', 'de'],
      [time(0), '3', 'de'],
      [time(0), '-1e3', null],
    ];
    expect(read(rows)).toEqual({
      ok: true,
      notes: [],
      series: [
        {
          labels: { country: 'de' },
          points: [
            { at: t0 + minute, value: 3 },
            { at: t0 + 2 * minute, value: 12.5 },
          ],
        },
        { labels: {}, points: [{ at: t0 + minute, value: -1000 }] },
      ],
    });
  });

  it('bring their number of samples in a column that the rule names', () => {
    const columns = [...usual, column('orders', 'number')];
    const found = read([[time(0), '0.2', 'de', '40']], columns, { count: 'orders' });
    expect(found.ok && found.series[0]?.points).toEqual([{ at: t0 + minute, value: 0.2, count: 40 }]);
  });

  it('are dropped and told of where they hold no value for a step', () => {
    const rows = [
      [time(0), null, 'de'],
      [time(1), 'NaN', 'de'],
      [time(1), 'Infinity', 'de'],
      [null, '1', 'de'],
      [time(0).replace(':00+', ':07+'), '1', 'de'],
    ];
    const found = read(rows);
    expect(found.ok && found.series).toEqual([{ labels: { country: 'de' }, points: [] }]);
    expect(found.ok && found.notes).toEqual([
      '1 row without a time dropped',
      '1 row whose value is NULL dropped',
      '2 rows whose value is not a finite number dropped',
      "1 row whose time is no multiple of the step 1m dropped; truncate it, as with date_bin('60 seconds', ..., 'epoch')",
    ]);
  });

  test.each([
    [
      'two of one series and time',
      [
        [time(0), '1', 'de'],
        [time(0), '2', 'de'],
      ],
      usual,
      'two rows are about 2026-01-05T12:00:00.000Z and the labels',
    ],
    [
      'times without a zone',
      [],
      [column('time', 'zoneless', 'timestamp without time zone'), column('value', 'number')],
      "the column time is a timestamp without time zone, which has no time zone; write its zone: time at time zone 'UTC'",
    ],
    [
      'a time that is a number',
      [],
      [column('time', 'number', 'bigint'), column('value', 'number')],
      'the column time is a bigint; expected a time with its zone',
    ],
    [
      'a value that is a text',
      [],
      [column('time', 'time'), column('value', 'text', 'text')],
      'the column value is a text; expected a number',
    ],
    ['no such column', [], [column('at', 'time'), column('value', 'number')], 'the result has no column time; it has at, value'],
    [
      'two columns of one name',
      [],
      [...usual, column('country', 'text')],
      'two columns are called country; give each a name of its own',
    ],
    [
      'a label of JSON',
      [],
      [...usual, column('basket', 'other', 'jsonb')],
      'the column basket is a jsonb, which is no label; leave it out, or cast it to text',
    ],
    [
      'a label that is a novel',
      [[time(0), '1', 'x'.repeat(300)]],
      usual,
      'the column country has a value of 300 characters; a label has at most 200: select less',
    ],
  ])('are refused with a clear sentence: %s', (_, rows, columns, error) => expect(errorOf(rows, columns)).toContain(error));
});
