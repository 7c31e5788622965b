import type { ConsolePath } from '../../http/console/paths.ts';
import { Icon } from './icons.tsx';
import { screens } from './screens.ts';

const groups = [undefined, 'Explore', 'Change', 'People', 'Tocsin'] as const;

function links(group: (typeof groups)[number], here: string, counts: Readonly<Record<string, number>>) {
  return screens.flatMap(({ path, title, nav }) => {
    if (nav === undefined || nav.group !== group) return [];
    const count = counts[path];
    return [
      <li key={path}>
        <a href={path} {...(isUnder(here, path) ? { 'aria-current': 'page' as const } : {})}>
          <Icon name={nav.icon} />
          {title}
          {count === undefined || count === 0 ? null : (
            <>
              <span class="count t-critical" aria-hidden="true">
                {count}
              </span>
              <span class="vh">, {count} open</span>
            </>
          )}
        </a>
      </li>,
    ];
  });
}

const isUnder = (here: string, path: string): boolean => here === path || (path !== '/' && here.startsWith(`${path}/`));

/** The way to every screen, at the left. `counts`: by path, what waits there. */
export function Rail({ here, counts }: { here: string; counts: Readonly<Record<string, number>> }) {
  return (
    <nav class="rail" aria-label="Main">
      <a class="brand" href="/">
        <Bell />
        Tocsin
      </a>
      {groups.map((group) => {
        const shown = links(group, here, counts);
        if (shown.length === 0) return null;
        return (
          <div key={group ?? 'first'}>
            {/* No heading: those belong to the screen, and its h1 comes first. */}
            {group === undefined ? null : <p id={`rail-${group}`}>{group}</p>}
            <ul {...(group === undefined ? {} : { 'aria-labelledby': `rail-${group}` })}>{shown}</ul>
          </div>
        );
      })}
    </nav>
  );
}

const Bell = () => (
  <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
    <path d="M3 14.500h14l-1.700-2.700V8.200a5.300 5.300 0 0 0-10.600 0v3.600z" fill="currentColor" />
    <path d="M8 16.500a2 2 0 0 0 4 0z" fill="var(--crit-mark)" />
  </svg>
);

/** What somebody who was paged needs on a phone. */
const tabs: readonly ConsolePath[] = ['/', '/incidents', '/rules', '/oncall'];

/**
 * The same for a thumb, at the bottom of a phone: the first screens, and all else in the palette.
 */
export function TabBar({ here, more }: { here: string; more(): void }) {
  const first = screens.filter(({ path }) => tabs.includes(path));
  return (
    <nav class="tabbar no-print" aria-label="Screens">
      {first.map(({ path, title, nav }) => (
        <a key={path} href={path} {...(isUnder(here, path) ? { 'aria-current': 'page' as const } : {})}>
          {nav === undefined ? null : <Icon name={nav.icon} />}
          {title}
        </a>
      ))}
      <button type="button" onClick={more}>
        <Icon name="find" />
        More
      </button>
    </nav>
  );
}
