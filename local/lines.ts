import { safeOutput } from '../core/vocabulary/printable.ts';

/**
 * Writes the lines of one turn together. On a pipe each write blocks the process, and in a storm a
 * commit logs many lines.
 */
export function lineWriter(output: Pick<NodeJS.WriteStream, 'write'>): (line: string) => void {
  let waiting = '';
  return (line) => {
    if (waiting === '')
      queueMicrotask(() => {
        const text = waiting;
        waiting = '';
        output.write(safeOutput(text));
      });
    waiting += `${line}\n`;
  };
}
