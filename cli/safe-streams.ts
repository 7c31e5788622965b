import { safeOutput } from '../core/vocabulary/printable.ts';

/** From here on, nothing that was sent to Tocsin can act on the terminal that it is shown on. */
export function makeSafe(stream: NodeJS.WriteStream): void {
  const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
  stream.write = (chunk: unknown, ...rest: unknown[]) => write(typeof chunk === 'string' ? safeOutput(chunk) : chunk, ...rest);
}
