import type { SqlQuery } from '../../core/telemetry/sources/kinds/sql.ts';
import type { Budget } from '../asked-in-time.ts';
import type { Read } from './rows.ts';

/** One query that requests share; [from, to) in milliseconds. */
export type Unit = { query: SqlQuery; step: number; from: number; to: number };

/** Answers each unit, under its key. Never throws for one that fails. */
export type AskUnits = (units: ReadonlyMap<string, Unit>, budget: Budget) => Promise<Map<string, Read>>;

export const tooManyRows = (maxRows: number): Error =>
  new Error(`the query gives more than ${maxRows} rows; group more, or raise maxRows of the source`);
