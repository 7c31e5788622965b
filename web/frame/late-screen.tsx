import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { unheard } from '../data/live.ts';

type Load = () => Promise<{ default: ComponentType }>;

/**
 * After this long without its script, a screen says so; the one before is not left standing under
 * its title.
 */
const patienceMs = 3000;
const againMs = 3000;

/**
 * Loads a screen, and shows that it does not come where the server is not reached. It goes on
 * trying, because a screen that stays empty after a lift or a tunnel looks like one with nothing to
 * tell.
 */
export const patiently = (load: Load, title: string): Load => {
  const late = { default: () => <Late load={load} title={title} /> };
  return () =>
    Promise.race([
      load().catch(() => late),
      new Promise<typeof late>((resolve) => {
        setTimeout(() => resolve(late), patienceMs);
      }),
    ]);
};

function Late({ load, title }: { load: Load; title: string }) {
  const [View, show] = useState<ComponentType>();
  useEffect(() => {
    let isGone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const attempt = (): void => {
      load().then(
        ({ default: view }) => {
          if (!isGone) show(() => view);
        },
        () => {
          unheard();
          if (!isGone) timer = setTimeout(attempt, againMs);
        },
      );
    };
    attempt();
    window.addEventListener('online', attempt);
    return () => {
      isGone = true;
      clearTimeout(timer);
      window.removeEventListener('online', attempt);
    };
  }, [load]);
  if (View !== undefined) return <View />;
  return (
    <>
      <h1>{title}</h1>
      <div class="note warn late-screen" role="status">
        <p>This screen has not come yet: Tocsin is not reached. This page goes on trying. Pages go out all the same.</p>
        {/* After an update of Tocsin the script of an old page is gone, and only a new page has one. */}
        <p>
          <button type="button" onClick={() => location.reload()}>
            Load the page again
          </button>
        </p>
      </div>
    </>
  );
}
