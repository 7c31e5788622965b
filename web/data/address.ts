import { useLocation } from 'preact-iso/router';

/** The view is in the address, so that a link shows what its sender saw. */
export function useView() {
  const { path, query, route } = useLocation();
  return {
    query,
    /** Changes parts of the view in place; `undefined` and an empty text remove one. */
    set(changes: Readonly<Record<string, string | undefined>>): void {
      const next = new URLSearchParams(query);
      for (const [name, value] of Object.entries(changes)) {
        if (value === undefined || value === '') next.delete(name);
        else next.set(name, value);
      }
      route(`${path}${next.size === 0 ? '' : `?${next}`}`, true);
    },
  };
}
