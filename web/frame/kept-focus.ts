import { useEffect, useRef } from 'preact/hooks';

/**
 * The focus is never lost: where what had it is taken away, it goes to the nearest thing around it
 * that is still there. To no button beside it, for the next Enter would press that.
 */
type Watched = {
  /** What has the focus, and what stands around it, the nearest first. */
  had: readonly HTMLElement[];
  /** A person went to another screen: its heading is to have the focus once it is there. */
  wantsHeading: boolean;
};

/** What says where one is when it gets the focus. */
const placeSelector = 'li,form,figure,section,aside,dialog,[role=group],[role=tabpanel],[role=region],nav,main';

const placesOf = (element: HTMLElement): HTMLElement[] => {
  const places: HTMLElement[] = [];
  for (let at = element.parentElement; at !== null; at = at.parentElement) if (at.matches(placeSelector)) places.push(at);
  return places;
};

/** Reached by the script alone, not by Tab. */
function focusOn(element: HTMLElement): void {
  if (!element.hasAttribute('tabindex')) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

function focusHeading(main: HTMLElement): boolean {
  const heading = main.querySelector<HTMLElement>('h1');
  if (heading !== null) focusOn(heading);
  return heading !== null;
}

/** Watches `#main` of the console, and what is opened over it. `path`: of the screen. */
export function useKeptFocus(path: string): void {
  const watched = useRef<Watched>({ had: [], wantsHeading: false });
  const before = useRef(path);
  useEffect(() => {
    const { current } = watched;
    const main = document.getElementById('main');
    if (main === null) return undefined;
    const onFocus = ({ target }: FocusEvent): void => {
      if (!(target instanceof HTMLElement)) return;
      current.had = [target, ...placesOf(target)];
      if (target !== main && target.tagName !== 'H1') current.wantsHeading = false;
    };
    // Whoever leaves by the pointer is at nothing, and wants to be; what is taken away is no longer
    // there a moment later.
    const onBlur = ({ target }: FocusEvent): void => {
      queueMicrotask(() => {
        if (target instanceof HTMLElement && target.isConnected && document.activeElement === document.body) current.had = [];
      });
    };
    const onPointer = (): void => {
      current.wantsHeading = false;
    };
    const onChange = (): void => {
      const isLost = document.activeElement === document.body || document.activeElement === null;
      if (current.wantsHeading && (isLost || document.activeElement === main) && focusHeading(main)) return;
      if (!isLost || current.had[0] === undefined || current.had[0].isConnected) return;
      const place = current.had.find((one) => one.isConnected && one.checkVisibility());
      if (place !== undefined && place !== main) focusOn(place);
      else if (!focusHeading(main)) focusOn(main);
    };
    const observer = new MutationObserver(onChange);
    observer.observe(main, { childList: true, subtree: true });
    document.addEventListener('focusin', onFocus);
    document.addEventListener('focusout', onBlur);
    document.addEventListener('pointerdown', onPointer);
    return () => {
      observer.disconnect();
      document.removeEventListener('focusin', onFocus);
      document.removeEventListener('focusout', onBlur);
      document.removeEventListener('pointerdown', onPointer);
    };
  }, []);
  // After a person went to another screen the focus is on its heading; never at first, and never by
  // itself.
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    window.scrollTo(0, 0);
    watched.current.wantsHeading = true;
    const main = document.getElementById('main');
    if (main !== null && !focusHeading(main)) focusOn(main);
  }, [path]);
}
