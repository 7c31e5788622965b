import { type Signal, signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { SparklineDto, SparklinesDto } from '../../http/api/dto/sparkline.ts';

/** The server answers so many at once. */
const mostAtOnce = 60;
const gatherMs = 60;
/** A chart of two days does not change in less. */
const freshForMs = 120_000;

type Known = { spark: Signal<SparklineDto | undefined>; askedAt: number };

const known = new Map<string, Known>();
const visible = new Map<string, number>();
let waiting = new Set<string>();

function sparkOf(rule: string): Known {
  const found = known.get(rule) ?? { spark: signal<SparklineDto | undefined>(undefined), askedAt: Number.NEGATIVE_INFINITY };
  known.set(rule, found);
  return found;
}

/** Asks for it with whatever else becomes visible at the same time. */
function want(rule: string): void {
  if (performance.now() - sparkOf(rule).askedAt < freshForMs) return;
  waiting.add(rule);
  if (waiting.size > 1) return;
  setTimeout(() => {
    const rules = [...waiting];
    waiting = new Set();
    for (let from = 0; from < rules.length; from += mostAtOnce) void ask(rules.slice(from, from + mostAtOnce));
  }, gatherMs);
}

async function ask(rules: readonly string[]): Promise<void> {
  for (const rule of rules) sparkOf(rule).askedAt = performance.now();
  try {
    const response = await fetch(`/api/sparklines?rules=${rules.map(encodeURIComponent).join(',')}&hours=48`);
    if (!response.ok) return;
    for (const spark of ((await response.json()) as SparklinesDto).sparklines) sparkOf(spark.rule).spark.value = spark;
  } catch {
    // The values beside them stay; the next look asks again.
    for (const rule of rules) sparkOf(rule).askedAt = Number.NEGATIVE_INFINITY;
  }
}

setInterval(() => {
  if (document.visibilityState === 'visible') for (const rule of visible.keys()) want(rule);
}, freshForMs);

const ruleAt = new WeakMap<Element, string>();
const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      const rule = ruleAt.get(target);
      if (rule === undefined) continue;
      const count = (visible.get(rule) ?? 0) + (isIntersecting ? 1 : -1);
      if (count > 0) visible.set(rule, count);
      else visible.delete(rule);
      if (isIntersecting) want(rule);
    }
  },
  { rootMargin: '200px' },
);

/** The small chart of a rule, asked for once the element of `ref` comes into view. */
export function useSpark<E extends Element>(rule: string) {
  const ref = useRef<E>(null);
  const entry = useMemo(() => sparkOf(rule), [rule]);
  useEffect(() => {
    const { current } = ref;
    if (current === null) return undefined;
    ruleAt.set(current, rule);
    observer.observe(current);
    return () => {
      observer.unobserve(current);
      visible.delete(rule);
    };
  }, [rule]);
  return { ref, spark: entry.spark.value };
}
