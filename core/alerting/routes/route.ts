import type { Flapping } from '../../detection/rules/flapping-schema.ts';
import { type Matchers, matcherText } from '../../vocabulary/matchers/matcher.ts';
import { acceptsNoLabels } from '../../vocabulary/matchers/possible.ts';
import { type Matchable, matches } from '../../vocabulary/matching.ts';

/** One branch of the routes. `T` is a target that is told. */
export type AlertRoute<T = unknown> = {
  name: string;
  match: Matchers;
  policy?: string | undefined;
  pages?: 'nobody' | undefined;
  tell: readonly T[];
  flapping?: Flapping | undefined;
  continue: boolean;
  routes?: readonly AlertRoute<T>[] | undefined;
};

/** Where the routes send an alert. */
export type Routed<T = unknown> = {
  /** The names of the routes that decided, outermost first; empty if the matrix decides. */
  path: string[];
  /** The policy that they name; absent if the matrix decides. */
  policy?: string;
  /** They say that nobody is paged. */
  nobody: boolean;
  /** Who is told, and not paged. */
  tell: T[];
  /** When its alerts count as flapping, if a route says. */
  flapping?: Flapping;
};

/**
 * Walks the routes as Alertmanager does: at each level the first that matches, and the next ones
 * only after one with `continue`. The deepest of the first branch that names a policy, or nobody,
 * decides. Every route that was taken may tell others.
 */
export function routed<T>(routes: readonly AlertRoute<T>[], subject: Matchable): Routed<T> {
  const branches = branchesOf(routes, subject);
  const tell = [...new Set(branches.flat())].flatMap((route) => route.tell);
  const flapping = branches.flatMap((branch) => branch.toReversed().flatMap((route) => route.flapping ?? []))[0];
  const also = flapping === undefined ? {} : { flapping };
  for (const branch of branches) {
    const last = branch.findLastIndex(({ policy, pages }) => policy !== undefined || pages !== undefined);
    const decides = branch[last];
    if (decides === undefined) continue;
    const path = branch.slice(0, last + 1).map(({ name }) => name);
    if (decides.pages === 'nobody') return { path, nobody: true, tell, ...also };
    return { path, nobody: false, tell, ...also, ...(decides.policy === undefined ? {} : { policy: decides.policy }) };
  }
  return { path: [], nobody: false, tell, ...also };
}

/** Every branch that is taken, each from its root to its deepest route. */
function branchesOf<T>(routes: readonly AlertRoute<T>[], subject: Matchable): AlertRoute<T>[][] {
  const found: AlertRoute<T>[][] = [];
  for (const route of routes) {
    if (!matches(route.match, subject)) continue;
    const inner = branchesOf(route.routes ?? [], subject);
    found.push(...(inner.length === 0 ? [[route]] : inner.map((branch) => [route, ...branch])));
    if (!route.continue) break;
  }
  return found;
}

/** One route that was looked at, with the first matcher that did not hold. */
export type Looked = { path: string[]; matched: boolean; failed?: string };

/** Every route that was looked at, in order: why an alert takes the routes that it does. */
export function lookedAt(routes: readonly AlertRoute[], subject: Matchable, above: readonly string[] = []): Looked[] {
  const looked: Looked[] = [];
  for (const route of routes) {
    const path = [...above, route.name];
    const failed = route.match.find((matcher) => !matches([matcher], subject));
    looked.push({ path, matched: failed === undefined, ...(failed === undefined ? {} : { failed: matcherText(failed) }) });
    if (failed !== undefined) continue;
    looked.push(...lookedAt(route.routes ?? [], subject, path));
    if (!route.continue) break;
  }
  return looked;
}

/** Whether a route takes an alert without any label. */
export const takesAll = ({ match }: AlertRoute): boolean => acceptsNoLabels(match);
