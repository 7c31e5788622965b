import { flagOf, isMissing, isWrittenNumber } from './spelling.ts';

/** What all cells of a column without types are. */
export type ColumnKind = 'numbers' | 'flags' | 'texts';

/**
 * Finds the kinds of columns from their cells. One cell cannot tell: `10115` is a code in a column
 * that also has `01067`, and `NA` is a country in a column of texts. A column is numbers, or flags,
 * if every cell is one or is missing; otherwise it is texts. One in which all are missing has no
 * value: its marks for a missing number are no categories.
 */
export function columnKinds(columns: readonly string[]) {
  const seen = new Map<string, 'nothing' | ColumnKind>(columns.map((column) => [column, 'nothing']));
  let open = seen.size;
  return {
    see(row: Readonly<Record<string, string>>): void {
      for (const [column, before] of seen) {
        if (before === 'texts') continue;
        const text = row[column]?.trim() ?? '';
        if (isMissing(text)) continue;
        const kind = isWrittenNumber(text) ? 'numbers' : flagOf(text) === undefined ? 'texts' : 'flags';
        if (kind === before) continue;
        const now = before === 'nothing' ? kind : 'texts';
        seen.set(column, now);
        if (now === 'texts') open -= 1;
      }
    },
    /** Whether no further row can change a kind. */
    areSettled: (): boolean => open === 0,
    kinds: (): ReadonlyMap<string, ColumnKind> =>
      new Map([...seen].map(([column, kind]) => [column, kind === 'nothing' ? 'numbers' : kind])),
  };
}
