import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** How far below what is seen the next ones are drawn. */
const nearMargin = '400px';

/**
 * The `first` ones of a list, and `step` more each time that `end`, which stands after them, comes
 * near what is seen. What nobody has scrolled to costs the first view nothing; printed, the list
 * is whole.
 */
export function useGrowing<T, E extends Element>(
  items: readonly T[],
  step: number,
  first = step,
): { shown: readonly T[]; end: RefObject<E | null>; isWhole: boolean } {
  const [count, setCount] = useState(first);
  const end = useRef<E>(null);
  const isWhole = count >= items.length;
  useEffect(() => {
    const { current } = end;
    if (isWhole || current === null) return undefined;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting === true) setCount(count + step);
      },
      { rootMargin: nearMargin },
    );
    observer.observe(current);
    const all = (): void => setCount(Number.POSITIVE_INFINITY);
    window.addEventListener('beforeprint', all);
    return () => {
      observer.disconnect();
      window.removeEventListener('beforeprint', all);
    };
  }, [count, isWhole]);
  return { shown: isWhole ? items : items.slice(0, count), end, isWhole };
}
