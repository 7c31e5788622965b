import { useEffect } from 'preact/hooks';

/** The title of the tab: what the screen says, then Tocsin. */
export function useTitle(text: string): void {
  useEffect(() => {
    document.title = `${text} - Tocsin`;
  }, [text]);
}
