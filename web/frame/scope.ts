import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { everyTeam } from '../../http/console/asked-first.ts';
import { keptText } from '../data/kept.ts';
import { useSession } from '../data/session.ts';
import { type Teams, teamIn } from './teams.ts';

/** What this viewer chose last; empty before the first choice. */
const chosen = keptText('team');
/**
 * What the address named last: it holds for screens that are opened from there, and is not
 * remembered.
 */
const named = signal<string | undefined>(undefined);

export type Scope = {
  /** Undefined: everything is shown. */
  team: string | undefined;
  teams: Teams;
  /** Undefined: everything. */
  choose(team: string | undefined): void;
};

const addressOf = (path: string, query: Record<string, string>, team: string): string => {
  const next = new URLSearchParams(query);
  next.set('team', team);
  return `${path}?${next}`.replace('team=%2A', `team=${everyTeam}`);
};

/** Of which team things are shown: as the address says, else as it was chosen last. */
export function useScope(): Scope {
  const { path, query, route } = useLocation();
  const teams = useSession()?.teams;
  const wanted = query['team'] ?? named.value ?? chosen.value;
  return {
    team: teamIn(wanted, teams),
    teams: teams ?? [],
    choose(team) {
      chosen.value = team ?? everyTeam;
      named.value = undefined;
      route(addressOf(path, query, team ?? everyTeam), true);
    },
  };
}

/**
 * On screens that follow the scope, puts it into the address, so that a link shows what its sender
 * saw.
 */
export function useScopeInAddress(follows: boolean): void {
  const { path, query, route } = useLocation();
  const teams = useSession()?.teams ?? [];
  const inAddress = query['team'];
  const wanted = named.value ?? chosen.value;
  const isKnown = wanted === everyTeam || teamIn(wanted, teams) !== undefined;
  useEffect(() => {
    if (inAddress !== undefined) named.value = inAddress;
    else if (follows && isKnown && teams.length > 0) route(addressOf(path, query, wanted), true);
  }, [path, inAddress, follows, isKnown, wanted, teams.length]);
}
