import type { Ports } from './ports/ports.ts';
import type { Span, SpanOptions } from './ports/tracer.ts';

/** Runs work as a span, or just runs it if there is no tracing. */
export function inSpan<T>(
  { tracer }: Pick<Ports, 'tracer'>,
  name: string,
  options: SpanOptions,
  work: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  return tracer === undefined ? work(undefined) : tracer.span(name, options, work);
}
