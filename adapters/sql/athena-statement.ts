import { createHash } from 'node:crypto';

/**
 * What is no code, or a name that stands for a time. Quoted text and comments are passed over
 * whole.
 */
const parts = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|(?<!:):(from|to)\b/g;

export type Statement = { text: string; parameters: string[] };

/**
 * A query as Athena runs it: inside of a SELECT, so that it is one and only reads. Times are
 * execution parameters, which are SQL literals by position. A parameter takes as many characters as
 * its name, so that columns in errors stay those of the query.
 */
export function statementOf(query: string, from: Date, to: Date, atMost: number): Statement {
  const literals = { from: literal(from), to: literal(to) };
  const parameters: string[] = [];
  const asked = query.replace(/;\s*$/, '').replace(parts, (part, name: 'from' | 'to' | undefined) => {
    if (name === undefined) return part;
    parameters.push(literals[name]);
    return '?'.padEnd(part.length);
  });
  return { text: `select * from (\n${asked}\n) as asked limit ${atMost}`, parameters };
}

const literal = (time: Date): string => `timestamp '${time.toISOString().replace('T', ' ').replace('Z', ' UTC')}'`;

/**
 * A message of Athena, with lines of the query as it is written: ours begins in the second line.
 */
export const inOwnLines = (message: string): string =>
  message.replace(/\bline (\d+):(\d+)/g, (_, line, column) => `line ${Math.max(1, Number(line) - 1)}, column ${column}`);

/** The same for the same question, so that a repeated request does not run a query twice. */
export const tokenOf = (...question: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(question)).digest('hex');
