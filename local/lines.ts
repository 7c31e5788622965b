/**
 * Writes lines, those of one piece of work in one go: where the output is a pipe each write holds the process up, and in a storm a
 * commit tells many lines.
 */
export function lineWriter(output: Pick<NodeJS.WriteStream, 'write'>): (line: string) => void {
  let waiting = '';
  return (line) => {
    if (waiting === '')
      queueMicrotask(() => {
        const text = waiting;
        waiting = '';
        output.write(text);
      });
    waiting += `${line}\n`;
  };
}
