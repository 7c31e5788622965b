import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { ErrorBoundary } from 'preact-iso/lazy';
import { LocationProvider, Route, Router, useLocation } from 'preact-iso/router';
import type { NowDto } from '../../http/api/dto/now.ts';
import { nowAddress } from '../../http/console/asked-first.ts';
import { useAnswer } from '../data/answer.ts';
import { heardAt } from '../data/live.ts';
import { useSession } from '../data/session.ts';
import { LiveRegions } from './announce.tsx';
import { useKeptFocus } from './kept-focus.ts';
import { useKeys } from './keys.ts';
import { KeysDialog } from './keys-dialog.tsx';
import { useNewCritical } from './new-critical.ts';
import { Palette } from './palette.tsx';
import { Rail, TabBar } from './rail.tsx';
import { useScope, useScopeInAddress } from './scope.ts';
import { screenAt, screens } from './screens.ts';
import { isReady } from './take-over.ts';
import { nextScope } from './teams.ts';
import { StaleBar, sayZone, TopBar } from './top-bar.tsx';
import { dayText, schedule, scheduleOfThing, timeText, zoneName } from './zone.ts';
import { scheduleShown } from './zone-choice.ts';

const open = signal<'palette' | 'keys' | undefined>(undefined);
const close = (): void => {
  open.value = undefined;
};

export function App() {
  return (
    <LocationProvider>
      <Frame />
      <LiveRegions />
    </LocationProvider>
  );
}

/** What stands around every screen. */
function Frame() {
  const { path, route } = useLocation();
  const screen = screenAt(path);
  const session = useSession();
  const scope = useScope();
  useScopeInAddress(screen?.isScoped === true);
  const known = useAnswer<NowDto>(useIsTime(path === '/') ? nowAddress({ team: scope.team }) : undefined);
  useNewCritical(known.value);
  const zoneOf = scheduleShown(scheduleOfThing(), scope.team, scope.teams);
  useEffect(() => {
    schedule.value = zoneOf;
  }, [zoneOf?.name, zoneOf?.timezone]);
  const { incidents, ofOthers } = known.value ?? {};
  const counts = { '/incidents': (incidents?.total ?? 0) + (ofOthers?.incidents?.total ?? 0) };
  useKeys('Everywhere', {
    '/': { text: 'Filter of the page', run: () => document.querySelector<HTMLElement>('[data-filter]')?.focus() },
    '?': {
      text: 'All keys',
      run: () => {
        open.value = 'keys';
      },
    },
    u: { text: 'UTC, own or schedule’s time', run: sayZone },
    ...(scope.teams.length === 0
      ? {}
      : { w: { text: 'All teams, or only mine', run: () => scope.choose(nextScope(scope.team, scope.teams)) } }),
    ...Object.fromEntries(
      screens.flatMap(({ path: to, title, nav }) =>
        nav === undefined ? [] : [[`g ${nav.key}`, { text: title, run: () => route(to) }] as const],
      ),
    ),
  });
  usePaletteKey();
  useKeptFocus(path);
  return (
    <div class="frame">
      <a class="skip" href="#main">
        Skip to content
      </a>
      <Rail here={path} counts={counts} />
      <TopBar
        title={screen?.title ?? 'Tocsin'}
        palette={() => {
          open.value = 'palette';
        }}
        scope={scope}
        isScoped={screen?.isScoped === true}
        who={session?.person.name}
      />
      <main id="main" tabIndex={-1}>
        <StaleBar />
        <ErrorBoundary onError={(error) => console.error(error)}>
          <Router
            onLoadEnd={() => {
              isReady.value = true;
            }}
          >
            {screens.map(({ path: at, view: View }) => (
              <Route key={at} path={at} component={View} />
            ))}
            <Route default component={NotFound} />
          </Router>
        </ErrorBoundary>
        <p class="print-only small dim">{printedText()}</p>
      </main>
      <TabBar
        here={path}
        more={() => {
          open.value = 'palette';
        }}
      />
      {open.value === 'palette' ? <Palette close={close} go={route} scope={scope} /> : null}
      {open.value === 'keys' ? <KeysDialog close={close} /> : null}
    </div>
  );
}

/**
 * Screens that do not show it ask what is open a moment later: their own first view goes before.
 */
function useIsTime(isShown: boolean): boolean {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 1000);
    return () => clearTimeout(timer);
  }, []);
  return isShown || isLate;
}

/** An address of the server, such as a page without a screen: the server is asked for it. */
function NotFound() {
  useEffect(() => location.reload(), []);
  return null;
}

/** What the bars say that are not on paper: how old it is, and where it is from. */
function printedText(): string {
  const asOf =
    heardAt.value === undefined
      ? ''
      : `, as of ${dayText(heardAt.value)} ${timeText(heardAt.value, heardAt.value)} ${zoneName()}`;
  return `Tocsin${asOf}: ${location.href}`;
}

function usePaletteKey(): void {
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.metaKey || event.ctrlKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      open.value = open.value === 'palette' ? undefined : 'palette';
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
