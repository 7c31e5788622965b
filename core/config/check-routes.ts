import { takesAll } from '../alerting/routes/route.ts';
import type { Target } from '../response/escalation/policy-schema.ts';
import type { Route } from '../response/escalation/route-schema.ts';
import { type Matchers, matcherText } from '../vocabulary/matchers/matcher.ts';
import { contradiction, implies } from '../vocabulary/matchers/possible.ts';
import { isOwnLabel } from '../vocabulary/matching.ts';
import { nearest } from '../vocabulary/nearest.ts';
import type { Path, Report } from '../vocabulary/report.ts';
import { shown } from '../vocabulary/shown.ts';
import { checkMatch } from './check-matchers.ts';
import type { Config } from './schema.ts';

/**
 * Reports routes to policies and targets that do not exist, names used twice, routes behind a
 * broader one or that no alert can match, and routes that would let every alert page nobody.
 */
export function checkRoutes(config: Config, checkTarget: (path: Path, target: Target) => void, report: Report): void {
  const names = new Map<string, Path>();
  const policies = Object.keys(config.policies);
  const check = (routes: readonly Route[], above: Path, around: Matchers): void => {
    const takers: Route[] = [];
    for (const [index, route] of routes.entries()) {
      const path = [...above, index];
      if (names.has(route.name))
        report([...path, 'name'], 'value', `expected a name of its own for each route; received ${shown(route.name)} again`);
      names.set(route.name, path);
      checkMatch(config, [...path, 'match'], route.match, report);
      const whole = [...around, ...route.match];
      const taker = takers.find(({ match }) => implies(whole, match, isOwnLabel));
      const never = contradiction(whole.filter(({ name }) => !isOwnLabel(name)));
      if (taker !== undefined) {
        const what = takesAll(taker) ? 'all' : 'whatever this one matches';
        report(
          [...path, 'match'],
          'key',
          `no alert comes here: the route ${taker.name} before it takes ${what}; move this one up, or set continue there`,
        );
      } else if (never !== undefined)
        report(
          [...path, 'match'],
          'key',
          `no alert comes here: none can have ${never.map(matcherText).join(' and ')}; correct this match, or that of the route around it`,
        );
      if (route.policy !== undefined && !policies.includes(route.policy)) {
        const message = `expected the name of a policy; received ${shown(route.policy)}, which does not exist`;
        report([...path, 'policy'], 'value', message, nearest(route.policy, policies));
      }
      if (route.pages === 'nobody') checkNobody(path, route, report);
      for (const [place, target] of route.tell.entries()) checkTarget([...path, 'tell', place], target);
      if (taker === undefined && never === undefined) check(route.routes ?? [], [...path, 'routes'], whole);
      if (!route.continue) takers.push(route);
    }
  };
  check(config.routes, ['routes'], []);
}

/** Like a silence, it must name what it keeps quiet. */
function checkNobody(path: Path, route: Route, report: Report): void {
  if (takesAll(route)) {
    const message = 'expected a matcher that does not match the empty string, or alerts that nobody thought of would page nobody';
    report([...path, 'match'], 'key', message);
  }
}
