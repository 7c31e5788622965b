import type { ConfigInput } from '../../../core/config/schema.ts';
import type { Matcher } from '../../../core/vocabulary/matchers/matcher.ts';
import { acceptsNoLabels, contradiction, implies } from '../../../core/vocabulary/matchers/possible.ts';
import { isOwnLabel } from '../../../core/vocabulary/matching.ts';
import { durationText } from '../duration.ts';
import type { Notes } from '../note.ts';
import type { Written } from '../written.ts';
import { matchersIn, matchTexts } from './matchers.ts';

type RouteInput = NonNullable<ConfigInput['routes']>[number];
type Target = { channel: string };

/** Who hears of a receiver of the file: its policy and channels here. No channels: nobody. */
export type Receiver = { name: string; policy: string | undefined; targets: readonly Target[] };

/** A route that names time intervals, with all that an alert must match to come to it. */
export type TimedRoute = {
  line: number;
  muted: readonly string[];
  active: readonly string[];
  match: readonly Matcher[];
  /** Whether other routes may take some of these alerts, too. */
  shared: boolean;
};

export type RouteTree = {
  routes: RouteInput[];
  timed: TimedRoute[];
  /** After which times a receiver is notified again, by its name. */
  repeats: Map<string, Set<string>>;
};

type Around = {
  receiver: Receiver;
  repeat: string;
  match: readonly Matcher[];
  /** How many routes of the result are around it. */
  depth: number;
  /** Whether an alert may have taken another branch before. */
  isLater: boolean;
  /** Whether a route before may have taken some of its alerts. */
  isAfter: boolean;
};

type Tree = {
  receivers: ReadonlyMap<string, Receiver>;
  nameFor: (text: string) => string;
  notes: Notes;
};

type Found = Omit<RouteTree, 'routes'>;

/** Routes of the result are nested up to three deep; the top route of the file is none of them. */
const deepest = 3;

/**
 * The routes below the top one of an Alertmanager. Of the branches that an alert takes the first
 * one names the policy, and later ones, after a `continue`, whom to tell.
 */
export function routeTree(top: Written, receiver: Receiver, repeat: string, tree: Tree): RouteTree {
  const found: Found = { timed: [], repeats: new Map([[receiver.name, new Set([repeat])]]) };
  const around: Around = { receiver, repeat, match: [], depth: 0, isLater: false, isAfter: false };
  const { routes, takers } = level(top, around, tree, found);
  const toNobody =
    receiver.policy !== undefined || isTaken([anyAlert], takers)
      ? []
      : [{ name: tree.nameFor('others to nobody'), match: matchTexts([anyAlert]), pages: 'nobody' as const }];
  return { routes: [...routes, ...toNobody], ...found };
}

/** Every alert of a Prometheus has a name; those of rules here have none. */
const anyAlert: Matcher = { name: 'alertname', op: '=~', value: '.+' };

/** `takers`: what those match after which no other is looked at. */
type Level = { routes: RouteInput[]; takers: Matcher[][] };

function level(parent: Written, around: Around, tree: Tree, found: Found): Level {
  const made: RouteInput[] = [];
  const takers: Matcher[][] = [];
  let { isLater } = around;
  for (const written of parent.mappings('routes')) {
    const own = matchersIn(written, { matchers: 'matchers', labels: 'match', patterns: 'match_re' }, tree.notes);
    const why = whyLeftOut(own, around, takers);
    if (own === undefined || why !== undefined) {
      dropAll(written, why ?? 'one of its matchers cannot be read', tree.notes);
      continue;
    }
    const route = oneRoute(written, own, { ...around, isLater, isAfter: around.isAfter || made.length > 0 }, tree, found);
    if (route === undefined) continue;
    made.push(route);
    isLater ||= route.continue === true;
    if (route.continue !== true) takers.push(own);
  }
  return { routes: made, takers };
}

/** Whether one of the takers has all alerts that match. */
const isTaken = (match: readonly Matcher[], takers: readonly Matcher[][]): boolean =>
  takers.some((taker) => implies(match, taker, isOwnLabel));

/** Routes that no alert can reach are refused by `tocsin check`. */
function whyLeftOut(
  own: readonly Matcher[] | undefined,
  { match, depth }: Around,
  takers: readonly Matcher[][],
): string | undefined {
  if (own === undefined) return undefined;
  if (depth === deepest)
    return `routes are nested up to ${deepest} deep here; its alerts go where the route around it sends them`;
  const whole = [...match, ...own];
  const reached = contradiction(whole.filter(({ name }) => !isOwnLabel(name))) === undefined && !isTaken(whole, takers);
  return reached ? undefined : 'no alert comes to it';
}

function dropAll(written: Written, why: string, notes: Notes): void {
  for (const key of written.keys()) written.drop(key);
  notes.push({ line: written.line, kind: 'left out', text: `this route with all inside it: ${why}` });
}

function oneRoute(written: Written, own: Matcher[], around: Around, tree: Tree, found: Found): RouteInput | undefined {
  const { notes } = tree;
  const named = written.text('receiver');
  const receiver = named === undefined ? around.receiver : tree.receivers.get(named.text);
  if (receiver === undefined) {
    dropAll(written, `there is no receiver ${named?.text}`, notes);
    return undefined;
  }
  const goesOn = written.flag('continue') === true;
  const muted = written.texts('mute_time_intervals').map(({ text }) => text);
  const active = written.texts('active_time_intervals').map(({ text }) => text);
  const repeat = durationText(written.text('repeat_interval'), notes) ?? around.repeat;
  found.repeats.set(receiver.name, (found.repeats.get(receiver.name) ?? new Set()).add(repeat));
  const name = tree.nameFor(own.length === 0 ? receiver.name : `${receiver.name} ${own.map(({ value }) => value).join(' ')}`);
  const match = [...around.match, ...own];
  const inner = level(written, { ...around, receiver, repeat, match, depth: around.depth + 1 }, tree, found);
  const isTakenInside = isTaken(match, inner.takers);
  if (muted.length + active.length > 0)
    found.timed.push({ line: written.line, muted, active, match, shared: around.isAfter || inner.routes.length > 0 });
  if (goesOn) {
    const text =
      'continue: the routes after this one tell their receivers of the incident; only its first policy pages and escalates';
    notes.push({ line: written.lineOf('continue'), kind: 'differs', text });
  }
  const nobody = receiver.policy === undefined;
  if (nobody && acceptsNoLabels(own)) {
    const text = `this route to nobody, for its matchers hold for alerts without labels, too: its alerts go where the route around it sends them`;
    notes.push({ line: written.line, kind: 'left out', text });
    if (inner.routes.length === 0) return undefined;
  }
  const decides = nobody ? (acceptsNoLabels(own) ? {} : { pages: 'nobody' as const }) : { policy: receiver.policy };
  const tell = around.isLater && receiver.targets.length > 0 ? [...receiver.targets] : undefined;
  // Told is who stands on the route taken last, so that those around it are not told as well.
  const last: RouteInput[] =
    tell === undefined || inner.routes.length === 0 || isTakenInside || around.depth + 1 === deepest
      ? []
      : [{ name: tree.nameFor(`${name} others`), match: [], tell }];
  return {
    name,
    match: matchTexts(own),
    ...decides,
    ...(tell === undefined || last.length > 0 || isTakenInside ? {} : { tell }),
    ...(goesOn ? { continue: true } : {}),
    ...(inner.routes.length === 0 ? {} : { routes: [...inner.routes, ...last] as NonNullable<RouteInput['routes']> }),
  };
}
