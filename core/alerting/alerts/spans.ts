import type { Span } from '../../detection/baselines/baseline.ts';

/** An alert is one record; this many spans take about 10 kB. */
const maxSpans = 200;

/**
 * Adds a span, in order. Spans that overlap, or have no room for a point between them, merge. Above
 * the limit the nearest neighbours merge: a baseline must never learn from an alert's points.
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
