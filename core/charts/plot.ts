import type { Severity } from '../vocabulary/schema-parts.ts';

/**
 * One point of a plot, with what normal was and where the bands began at that time, in units of the
 * metric. Times are milliseconds since the epoch.
 */
export type PlotPoint = {
  at: number;
  value?: number | undefined;
  baseline?: number | undefined;
  warn?: number | undefined;
  critical?: number | undefined;
};

/** One row under a plot: spans, and single moments. */
export type Strip = {
  name: string;
  spans: { from: number; to: number; severity?: Severity }[];
  /** Pages; `wrong` if known to be false. */
  marks: { at: number; wrong: boolean }[];
};

export type Plot = {
  title: string;
  from: number;
  to: number;
  judgements: readonly PlotPoint[];
  strips: Strip[];
  /** Spans in which people say that something was really wrong; both ends included. */
  windows: readonly { from: number; to: number; label?: string }[];
};
