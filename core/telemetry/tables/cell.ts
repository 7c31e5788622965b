import { unknownKind } from '../../vocabulary/unknown-kind.ts';
import type { FeatureSchema } from '../sources/kinds/feature-schema.ts';
import type { PredictionsSourceConfig } from '../sources/kinds/predictions.ts';
import type { ColumnKind } from './column-kind.ts';
import { decimalOf, flagOf, isMissing } from './spelling.ts';

export type Cell = string | number | boolean | null;

/** What a column holds for its record, which decides how its cells are read. */
export type ColumnUse =
  /** An id, a version, a name: the text as it is written. */
  | { use: 'name' }
  | { use: 'time' }
  | { use: 'number' }
  /** A prediction or a label, and what the source declares that its model predicts. */
  | { use: 'outcome'; predicts?: PredictionsSourceConfig['predicts'] }
  | { use: 'feature'; declared: FeatureSchema | undefined };

/** Whether the cells of a column without types are read by what the whole column holds. */
export const needsKind = (use: ColumnUse): boolean =>
  (use.use === 'outcome' && use.predicts === undefined) || (use.use === 'feature' && use.declared === undefined);

/**
 * Since the epoch, which no ISO 8601 text looks like; pandas writes a point where a time is
 * missing.
 */
const milliseconds = /^-?\d{5,}(?:\.\d*)?$|^\d\.\d+e\+\d+$/i;

/**
 * Reads a cell of a format without types, such as CSV, as the same value of JSON. An empty cell is
 * null. `kind`: what the column holds, for a use that needs it.
 */
export function cellOfText(text: string, use: ColumnUse, kind: ColumnKind | undefined): Cell {
  switch (use.use) {
    case 'name':
      return text === '' ? null : text;
    case 'time':
      return text === '' ? null : milliseconds.test(text.trim()) ? Number(text) : text;
    case 'number':
      return numberIn(text);
    case 'outcome':
      return outcomeCell(text, use.predicts, kind);
    case 'feature':
      return use.declared === undefined ? ofKind(text, kind) : declaredCell(text, use.declared);
    default:
      return unknownKind('column use', use);
  }
}

function ofKind(text: string, kind: ColumnKind | undefined): Cell {
  switch (kind) {
    case 'numbers':
      return numberIn(text);
    case 'flags':
      return flagIn(text);
    case 'texts':
    case undefined:
      return text === '' ? null : text;
    default:
      return unknownKind('column kind', kind);
  }
}

function declaredCell(text: string, { type }: FeatureSchema): Cell {
  switch (type) {
    case 'number':
    case 'integer':
      return numberIn(text);
    case 'boolean':
      return flagIn(text);
    case 'category':
    case 'text':
      return text === '' ? null : text;
    default:
      return unknownKind('feature type', type);
  }
}

/** What is no number stays text, so that it is told as such. */
function numberIn(text: string): Cell {
  const trimmed = text.trim();
  return isMissing(trimmed) ? null : (decimalOf(trimmed) ?? text);
}

function flagIn(text: string): Cell {
  const trimmed = text.trim();
  return isMissing(trimmed) ? null : (flagOf(trimmed) ?? decimalOf(trimmed) ?? text);
}

/** Of declared classes each cell is its text, unless it says that it is missing and is no class. */
function outcomeCell(text: string, predicts: PredictionsSourceConfig['predicts'], kind: ColumnKind | undefined): Cell {
  if (predicts === undefined) return kind === 'numbers' ? outcomeNumberIn(text) : ofKind(text, kind);
  if (predicts === 'numbers') return numberIn(text);
  const trimmed = text.trim();
  return isMissing(trimmed) && !predicts.includes(trimmed) ? null : trimmed;
}

/** A class may be a number with more digits than a double holds. */
function outcomeNumberIn(text: string): Cell {
  const value = numberIn(text);
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) ? text.trim() : value;
}

/**
 * A value of a format with types, such as Parquet. `number` is a float, `bigint` a whole number;
 * a decimal comes as its text, and `day` is a date without a time, at midnight UTC.
 */
export type TypedValue = string | number | bigint | boolean | Date | { decimal: string } | { day: Date } | null | undefined;

/**
 * Reads a value of a format with types as the same value of JSON. A number that is not finite is
 * null, and a time is ISO 8601 text, a date that of its day.
 */
export function cellOfValue(value: TypedValue, use: ColumnUse): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return use.use === 'name' ? String(value) : value;
  if (value instanceof Date) return timeIn(value, use);
  if (typeof value === 'object' && 'day' in value) return timeIn(value.day, use, '2026-01-05'.length);
  if (typeof value === 'number' && !Number.isFinite(value)) return null;
  if (use.use === 'name' || (use.use === 'feature' && use.declared?.type === 'category')) return digitsOf(value);
  const number = Number(typeof value === 'object' ? value.decimal : value);
  return use.use === 'outcome' && Number.isInteger(number) && !Number.isSafeInteger(number) ? digitsOf(value) : number;
}

function timeIn(value: Date, { use }: ColumnUse, length?: number): Cell {
  const at = value.getTime();
  return Number.isNaN(at) ? null : use === 'time' ? at : value.toISOString().slice(0, length);
}

/** A whole float is written with its point, as Python writes it in CSV and JSON. */
function digitsOf(value: number | bigint | { decimal: string }): string {
  if (typeof value === 'object') return value.decimal;
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 1e16 ? value.toFixed(1) : String(value);
}
