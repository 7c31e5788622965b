import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/**
 * The file access this adapter uses. Each statement is prepared once. Parameters that go by place
 * (`?`, `?1`) cost less than those that go by name.
 */
export type Sql = {
  exec(text: string): void;
  /** Returns the number of changed rows. */
  run(text: string, ...values: SQLInputValue[] | [Record<string, SQLInputValue>]): number;
  get<Row>(text: string, ...values: SQLInputValue[]): Row | undefined;
  all<Row>(text: string, ...values: SQLInputValue[]): Row[];
  /** Rows as arrays of columns: half the cost of objects for very many rows. */
  arrays<Row extends unknown[]>(text: string, ...values: SQLInputValue[]): Row[];
  inTransaction(): boolean;
  /**
   * Runs `work` now in one transaction, committed only if `work` returns. For the start; otherwise
   * see group-commit.ts.
   */
  transaction<T>(work: () => T): T;
};

export function sqlOf(db: DatabaseSync): Sql {
  const prepared = new Map<string, StatementSync>();
  const preparedArrays = new Map<string, StatementSync>();
  const statement = (text: string): StatementSync => {
    let known = prepared.get(text);
    if (known === undefined) {
      known = db.prepare(text);
      prepared.set(text, known);
    }
    return known;
  };
  return {
    exec: (text) => db.exec(text),
    run: (text, ...values) => Number(statement(text).run(...(values as SQLInputValue[])).changes),
    get: <Row>(text: string, ...values: SQLInputValue[]) => statement(text).get(...values) as Row | undefined,
    all: <Row>(text: string, ...values: SQLInputValue[]) => statement(text).all(...values) as Row[],
    arrays: <Row extends unknown[]>(text: string, ...values: SQLInputValue[]) => {
      let known = preparedArrays.get(text);
      if (known === undefined) {
        known = db.prepare(text);
        known.setReturnArrays(true);
        preparedArrays.set(text, known);
      }
      return known.all(...values) as unknown as Row[];
    },
    inTransaction: () => db.isTransaction,
    transaction(work) {
      db.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        // After some errors, such as a full disk, SQLite has rolled back itself.
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      }
    },
  };
}

/** A key SQLite can distinguish: in UTF-8 all halves of broken surrogate pairs would be equal. */
export const keyText = (key: string): string => (key.isWellFormed() ? key : `\0${JSON.stringify(key)}`);
