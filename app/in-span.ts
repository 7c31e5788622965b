import type { Ports } from './ports/ports.ts';
import type { Span, SpanOptions } from './ports/tracer.ts';

/** Does the work as a span of the trace, or just does it where nothing is traced. */
export function inSpan<T>(
  { tracer }: Pick<Ports, 'tracer'>,
  name: string,
  options: SpanOptions,
  work: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  return tracer === undefined ? work(undefined) : tracer.span(name, options, work);
}
