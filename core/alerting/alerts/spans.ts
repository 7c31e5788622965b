import type { Span } from '../../detection/baselines/baseline.ts';

/** An alert is one record; this many take some 10 kB of it. */
const maxSpans = 200;

/**
 * Spans with another added, in order; those that overlap, or that no point can lie between, are one. Where there are too many
 * the nearest neighbours become one, for no point of an alert may be learned from.
 */
export function withSpan(spans: readonly Span[], added: Span, step: number): Span[] {
  const result: Span[] = [];
  for (const span of [...spans, added].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && span.from - last.to <= step) last.to = Math.max(last.to, span.to);
    else result.push({ ...span });
  }
  while (result.length > maxSpans) joinNearest(result);
  return result;
}

function joinNearest(spans: Span[]): void {
  let nearest = 1;
  const gap = (place: number): number => (spans[place] as Span).from - (spans[place - 1] as Span).to;
  for (let place = 2; place < spans.length; place += 1) if (gap(place) < gap(nearest)) nearest = place;
  const [removed] = spans.splice(nearest, 1) as [Span];
  const kept = spans[nearest - 1] as Span;
  kept.to = Math.max(kept.to, removed.to);
}
