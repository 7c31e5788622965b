import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useAnswer } from '../data/answer.ts';
import type { Change } from '../data/live.ts';

const nearMargin = '600px';

/**
 * A long list page by page. A page is in the document only while it is near what is seen; elsewhere
 * an empty box of its height stands for it, so that the document stays small.
 */
export function Pages<T extends { next?: string | undefined }>(props: {
  /** The address of the page after `cursor`. */
  path(cursor: string | undefined): string;
  touches(change: Change): boolean;
  /** `before`: the last page, such as to repeat no heading. */
  children(page: T, before: T | undefined): ComponentChildren;
  /** Rough height of a page that was never shown. */
  height: number;
}) {
  const { path, touches, children, height } = props;
  const [known, setKnown] = useState<(T | undefined)[]>([undefined]);
  return (
    <>
      {known.map((_, place) => {
        const cursor = place === 0 ? undefined : known[place - 1]?.next;
        if (place > 0 && cursor === undefined) return null;
        return (
          <OnePage<T>
            key={cursor ?? ''}
            path={path(cursor)}
            touches={touches}
            height={height}
            isFirst={place === 0}
            told={(page) =>
              setKnown((all) => {
                if (all[place] === page) return all;
                const next = [...all];
                next[place] = page;
                if (page.next === undefined) return next.slice(0, place + 1);
                if (all[place]?.next !== page.next) return [...next.slice(0, place + 1), undefined];
                return next;
              })
            }
          >
            {(page) => children(page, known[place - 1])}
          </OnePage>
        );
      })}
    </>
  );
}

function OnePage<T>(props: {
  path: string;
  touches(change: Change): boolean;
  height: number;
  /** It is near what is seen before anybody has scrolled. */
  isFirst: boolean;
  told(page: T): void;
  children(page: T): ComponentChildren;
}) {
  const { path, touches, height, isFirst, told, children } = props;
  const box = useRef<HTMLDivElement>(null);
  const [isNear, setNear] = useState(isFirst);
  const [last, setLast] = useState(height);
  useEffect(() => {
    const { current } = box;
    if (current === null) return undefined;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry === undefined) return;
        // What has the focus stays, wherever it was scrolled to.
        if (!entry.isIntersecting && current.contains(document.activeElement)) return;
        if (!entry.isIntersecting && current.offsetHeight > 0) setLast(current.offsetHeight);
        setNear(entry.isIntersecting);
      },
      { rootMargin: nearMargin },
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  const answer = useAnswer<T>(isNear ? path : undefined, touches);
  const { value } = answer;
  useEffect(() => {
    if (value !== undefined) told(value);
  }, [value]);
  const isShown = isNear && value !== undefined;
  return (
    <div ref={box} style={isShown ? {} : { minHeight: `${last}px` }} aria-busy={isNear && value === undefined}>
      {isShown ? children(value) : null}
      {isNear && value === undefined && answer.fault !== undefined ? <p class="note critical">{answer.fault.text}</p> : null}
    </div>
  );
}
