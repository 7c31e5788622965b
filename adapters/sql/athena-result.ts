import type { Row as AthenaRow, ColumnInfo } from '@aws-sdk/client-athena';
import type { Column, ColumnType, Dialect, Row } from './rows.ts';

export const athenaDialect: Dialect = {
  zoned: (column) => `with_timezone(${column}, 'UTC')`,
  truncated: (seconds) => `from_unixtime(floor(to_unixtime(...) / ${seconds}) * ${seconds})`,
};

const types: Readonly<Record<string, ColumnType>> = {
  'timestamp with time zone': 'time',
  timestamp: 'zoneless',
  date: 'zoneless',
  time: 'zoneless',
  'time with time zone': 'zoneless',
  tinyint: 'number',
  smallint: 'number',
  integer: 'number',
  int: 'number',
  bigint: 'number',
  real: 'number',
  float: 'number',
  double: 'number',
  decimal: 'number',
  varbinary: 'other',
  json: 'other',
  array: 'other',
  map: 'other',
  row: 'other',
  struct: 'other',
};

export const columnsOf = (info: readonly ColumnInfo[]): Column[] =>
  info.map(({ Name = '', Type = '' }) => ({ name: Name, type: types[typeWord(Type)] ?? 'text', typeName: Type }));

/**
 * `decimal(10,2)`, `array(varchar)` and `timestamp(3) with time zone` without what is in
 * parentheses.
 */
const typeWord = (type: string): string =>
  type
    .toLowerCase()
    .replace(/\(.*\)/, '')
    .trim();

/**
 * The texts of a row; a cell without text is NULL. Times become ISO 8601, since Athena writes
 * `2026-01-05 12:00:00.000 UTC`. Throws for a zone that is a name, whose hours are told twice a
 * year in two ways.
 */
export const rowOf = ({ Data = [] }: AthenaRow, columns: readonly Column[], kept: (text: string) => string): Row =>
  columns.map(({ name, type }, place) => {
    const text = Data[place]?.VarCharValue;
    if (text === undefined || text === null) return null;
    return type === 'time' ? isoOf(kept(text), name) : kept(text);
  });

function isoOf(text: string, column: string): string {
  const found = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(\.\d{1,3})?\d* (UTC|Z|[+-]\d{2}:\d{2})$/.exec(text);
  if (found === null)
    throw new Error(`the column ${column} has the time ${text.slice(0, 60)}; expected one in UTC: at_timezone(${column}, 'UTC')`);
  const [, day, time, fraction = '', zone = ''] = found;
  return `${day}T${time}${fraction}${zone === 'UTC' ? 'Z' : zone}`;
}
