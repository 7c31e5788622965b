import type { SpanAttributes } from '../../core/selfcheck/traces/attributes.ts';

/** One operation in a trace. Names come from a small set; attributes hold what varies. */
export type Span = {
  /** 32 and 16 hexadecimal digits. */
  readonly traceId: string;
  readonly spanId: string;
  /**
   * Its W3C Trace Context identity, stored with an effect or sent with a request to continue the
   * trace.
   */
  readonly traceparent: string;
  set(attributes: SpanAttributes): void;
  rename(name: string): void;
  /** Links another trace. */
  link(traceparent: string): void;
  /** For a failure that is not thrown; a thrown error marks the span anyway. */
  failed(errorType: string): void;
};

export type SpanOptions = {
  kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  attributes?: SpanAttributes;
  /** The traceparent to continue; default: the current span. An invalid one starts a new trace. */
  parent?: string | undefined;
  links?: readonly string[];
};

/**
 * Records what is done, for how long, and what caused it. Never fails the work, and decides
 * nothing.
 */
export type Tracer = {
  span<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;
  /** The current span. */
  active(): Span | undefined;
};
