import { everyTeam } from '../../http/console/asked-first.ts';
import { minute } from '../data/clock.ts';
import { freshness, heardAt, judgedAt } from '../data/live.ts';
import { initialsOf } from '../parts/initials.ts';
import { say } from './announce.tsx';
import { Icon } from './icons.tsx';
import type { Scope } from './scope.ts';
import { dayText, switchZone, timeText, zoneAfter, zoneShown, zones } from './zone.ts';

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** `Live, judged 19:12`; `Reconnecting, as of 19:12`. */
function freshnessText(): string {
  const asOf = heardAt.value === undefined ? '' : `, as of ${timeText(heardAt.value, minute.value)}`;
  if (freshness.value !== 'live') return `${freshness.value === 'stale' ? 'Not connected' : 'Reconnecting'}${asOf}`;
  return judgedAt.value === undefined ? 'Live' : `Live, judged ${timeText(judgedAt.value, minute.value)}`;
}

/** Shows times in the next zone, and says which. */
export function sayZone(): void {
  switchZone();
  say(`Times in ${zoneShown.value.text}`);
}

/** Where am I, the palette, how fresh it is, and what time it is. */
export function TopBar(props: { title: string; palette(): void; scope: Scope; isScoped: boolean; who: string | undefined }) {
  const { title, palette, scope, isScoped, who } = props;
  const others = zones.value.filter(({ choice }) => choice !== zoneShown.value.choice);
  const nextZone = zoneAfter().text;
  return (
    <header class="top">
      <span class="where">{title}</span>
      {scope.teams.length === 0 ? null : <TeamChoice scope={scope} isScoped={isScoped} />}
      <button type="button" class="find wide" onClick={palette}>
        <Icon name="find" />
        Go to or do
        <kbd>{isMac ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <span class={`live ${freshness.value}`} role="status">
        <i />
        {freshnessText()}
        {/* The clock that says so is not shown on a phone. */}
        <span class="phone">{zoneShown.value.text.replace(/^.*\//, '')}</span>
      </span>
      <button type="button" class="clock wide" title={`Show times in ${nextZone} (U)`} onClick={sayZone}>
        {dayText(minute.value)}, <b>{timeText(minute.value, minute.value)}</b> {zoneShown.value.text}
        {others.map(({ choice, timeZone, text }) => (
          <span key={choice} class="dim3">
            {' '}
            · {timeText(minute.value, minute.value, timeZone)} {text}
          </span>
        ))}
        <span class="vh">; show times in {nextZone}</span>
      </button>
      {who === undefined ? null : (
        <a class="initials wide" href="/settings" aria-label={`${initialsOf(who)}: you are ${who}; settings`} title={who}>
          {initialsOf(who)}
        </a>
      )}
    </header>
  );
}

/** Whose things are shown. A phone has place for it only where it narrows what the screen shows. */
function TeamChoice({ scope: { team, teams, choose }, isScoped }: { scope: Scope; isScoped: boolean }) {
  return (
    <select
      class={`team ${isScoped ? '' : 'wide'} ${team === undefined ? '' : 'narrowed'}`}
      aria-label="Team"
      title="Of which team things are shown (W)"
      value={team ?? everyTeam}
      onChange={({ currentTarget: { value } }) => choose(value === everyTeam ? undefined : value)}
    >
      <option value={everyTeam}>All teams</option>
      {teams.map(({ name, isOwn }) => (
        <option key={name} value={name}>
          {name}
          {isOwn === true ? ' (mine)' : ''}
        </option>
      ))}
    </select>
  );
}

/**
 * Over the page while the server is not heard: what is shown is old, and pages go out all the same.
 */
export function StaleBar() {
  if (freshness.value !== 'stale') return null;
  const since = heardAt.value === undefined ? '' : ` What is shown is as of ${timeText(heardAt.value, minute.value)}.`;
  return (
    <p class="note warn stale-bar">Tocsin has not been heard for more than two minutes.{since} Pages go out all the same.</p>
  );
}
