export type Cell = string | number | undefined;

/** Rows as CSV; an undefined cell is empty. */
export const csvOf = (rows: readonly (readonly Cell[])[]): string =>
  `${rows.map((row) => row.map(textOf).join(',')).join('\n')}\n`;

function textOf(cell: Cell): string {
  if (typeof cell === 'number') return String(cell);
  const plain = cell ?? '';
  // A spreadsheet would take what begins so for a formula.
  const safe = /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
