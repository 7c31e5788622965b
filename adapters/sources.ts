import type { Outside } from '../app/ports/outside.ts';
import type { OutsideSources, Source } from '../app/ports/source.ts';
import type { OutsideKind } from '../core/telemetry/sources/source.ts';
import { forEveryKind } from '../core/vocabulary/kinds.ts';
import { once } from './once.ts';

/**
 * The adapter for each kind of outside source, on one machine and in the evaluating function. A
 * vendor's folder and client load with the first query of the kind.
 */
const opened: { [K in OutsideKind]: (outside: Outside) => Promise<Source<K>> } = {
  otlp: async (outside) => (await import('./otlp/index.ts')).openSource(outside),
  cloudwatch: async (outside) => (await import('./cloudwatch/index.ts')).openSource(outside),
  prometheus: async (outside) => (await import('./prometheus/index.ts')).openSource(outside),
  datadog: async (outside) => (await import('./datadog/index.ts')).openSource(outside),
  sql: async (outside) => (await import('./sql/index.ts')).openSource(outside),
};

export const outsideSources = (outside: Outside): OutsideSources =>
  forEveryKind(opened, (kind) => lazily(() => opened[kind](outside) as Promise<Source>)) as OutsideSources;

function lazily(open: () => Promise<Source>): Source {
  const source = once(open);
  return { query: async (...request) => (await source()).query(...request) };
}
