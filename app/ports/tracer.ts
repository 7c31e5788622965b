import type { SpanAttributes } from '../../core/selfcheck/traces/attributes.ts';

/** One piece of work of a trace. Names are of a small set: what varies is in the attributes. */
export type Span = {
  /** 32 and 16 hexadecimal digits. */
  readonly traceId: string;
  readonly spanId: string;
  /** Who it is, as W3C Trace Context writes it: kept with an effect or sent with a request, so that what follows continues the trace. */
  readonly traceparent: string;
  set(attributes: SpanAttributes): void;
  rename(name: string): void;
  /** Another trace that this belongs to as well. */
  link(traceparent: string): void;
  /** For a failure that is not thrown; what is thrown out of a span marks it by itself. */
  failed(errorType: string): void;
};

export type SpanOptions = {
  kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  attributes?: SpanAttributes;
  /** A traceparent to continue; the span that is under way when left out. One that is none begins a trace. */
  parent?: string | undefined;
  links?: readonly string[];
};

/** Says what is done, for how long, and what came of what. It never fails the work, and decides nothing. */
export type Tracer = {
  span<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;
  /** The span whose work calls this. */
  active(): Span | undefined;
};
