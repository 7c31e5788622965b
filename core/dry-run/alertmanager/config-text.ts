import { stringify } from 'yaml';
import type { Config } from '../../config/schema.ts';
import type { Policy } from '../../response/escalation/policy-schema.ts';
import { nobody, receiversOf } from '../../response/escalation/receivers.ts';
import type { Route } from '../../response/escalation/route-schema.ts';
import { type Matchers, matcherText } from '../../vocabulary/matchers/matcher.ts';
import { categories, severities } from '../../vocabulary/schema-parts.ts';
import { formatDuration } from '../../vocabulary/units.ts';

type WrittenRoute = {
  receiver: string;
  matchers?: string[];
  group_by?: string[];
  group_wait?: string;
  routes?: WrittenRoute[];
};

const intro = [
  'What Tocsin does, in the words of an Alertmanager. Made from its config, without contacts and secrets.',
  'A receiver is an escalation policy. severity and category are what Tocsin makes of those that were sent.',
];

/**
 * The routes, the matrix and the inhibitions as a config of Alertmanager, for `amtool config routes
 * test` and the like. What that format cannot say stands in comments at its end.
 */
export function alertmanagerConfig(config: Config): string {
  const notes: string[] = [];
  const say = (note: string): void => void notes.push(note);
  const written = {
    global: { resolve_timeout: '5m' },
    route: rootRoute(config, say),
    ...inhibitRules(config, say),
    receivers: receiversOf(config).map((name) => ({ name })),
  };
  for (const [name, { match }] of Object.entries(config.muteTimings))
    say(`mute timing ${name} mutes ${textOf(match)} wherever it is routed`);
  for (const [name, policy] of Object.entries(config.policies)) say(`policy ${name} pages ${tiersText(policy)}`);
  const comment = (lines: readonly string[]): string => lines.map((line) => `# ${line.replace(/\s+/g, ' ')}\n`).join('');
  return `${comment(intro)}${stringify(written, { lineWidth: 0, aliasDuplicateObjects: false })}${comment(['Not in the format of Alertmanager:', ...notes.map((note) => `- ${note}`)])}`;
}

type Say = (note: string) => void;

function rootRoute(config: Config, say: Say): WrittenRoute {
  const { groupBy, groupWait } = config.settings;
  const [plain, odd] = [groupBy.filter((name) => name === '...' || isPlain(name)), groupBy.filter((name) => !isPlain(name))];
  for (const name of odd) if (name !== '...') say(`alerts are grouped by the label ${JSON.stringify(name)}, too`);
  const matrix = matrixRoutes(config);
  return {
    receiver: config.matrix.default.warn.policy,
    ...(plain.length === 0 ? {} : { group_by: plain }),
    group_wait: formatDuration(groupWait),
    routes: [
      { receiver: nobody, matchers: ['severity="info"'] },
      ...ownRoutes(config.routes, { config, after: matrix, say, above: [], policy: undefined, room: { left: mostRoutes } }),
      ...matrix,
    ],
  };
}

/** Where the matrix decides: what is after all routes, and inside of each that names no policy. */
function matrixRoutes({ matrix }: Config): WrittenRoute[] {
  const rows = categories.flatMap((category) =>
    severities.flatMap((severity) => {
      const cell = matrix[category]?.[severity];
      return cell === undefined
        ? []
        : [{ receiver: cell.policy, matchers: [`category="${category}"`, `severity="${severity}"`] }];
    }),
  );
  return [...rows, { receiver: matrix.default.critical.policy, matchers: ['severity="critical"'] }];
}

/**
 * `after`: what decides where nothing inside does, the matrix at last. `room`: how many routes may
 * still be written, for what comes after one that goes on is written inside of each of its parts.
 */
type Around = {
  config: Config;
  after: WrittenRoute[];
  say: Say;
  above: Matchers;
  policy: string | undefined;
  room: { left: number };
};

const mostRoutes = 5000;

function ownRoutes(routes: readonly Route[], around: Around): WrittenRoute[] {
  const { config, after, say, above, room } = around;
  return routes.flatMap((route, place): WrittenRoute[] => {
    const { name, policy, pages, tell, flapping } = route;
    const odd = route.match.find((matcher) => !isPlain(matcher.name));
    if (odd !== undefined) {
      say(`route ${name} is left out, for the name of its label ${JSON.stringify(odd.name)}`);
      return [];
    }
    for (const target of tell) say(`route ${name} tells ${targetName(target)}, who is not paged`);
    if (flapping !== undefined) say(`route ${name} says when its alerts count as flapping`);
    const match = [...above, ...route.match];
    const decided = pages === 'nobody' ? nobody : (policy ?? around.policy);
    const inner = (within: Partial<Around>): WrittenRoute[] => ownRoutes(route.routes ?? [], { ...around, ...within });
    // It pages nobody itself and goes on, so only what is inside of it can decide.
    if (route.continue && decided === undefined) {
      const isFull = room.left <= 0;
      if (isFull) say(`route ${name} goes on to the routes after it, which are too many to be written inside of it`);
      const rest = isFull ? [] : ownRoutes(routes.slice(place + 1), { ...around, say: () => {} });
      return inner({ above: match, after: [...rest, ...after] });
    }
    room.left -= 1;
    if (route.continue) say(`route ${name} goes on to the routes after it, which may only tell others`);
    const inside = inner({ above: [], policy: decided });
    const all = decided === undefined ? [...inside, ...after] : inside;
    return [
      {
        receiver: decided ?? config.matrix.default.warn.policy,
        ...(match.length === 0 ? {} : { matchers: match.map(matcherText) }),
        ...(all.length === 0 ? {} : { routes: all }),
      },
    ];
  });
}

function inhibitRules({ inhibitions }: Config, say: Say): object {
  const rules = inhibitions.flatMap(({ name, source, target, equal }) => {
    if ([...source, ...target].every((matcher) => isPlain(matcher.name)) && equal.every(isPlain))
      return [{ source_matchers: source.map(matcherText), target_matchers: target.map(matcherText), equal }];
    say(`inhibition ${name} is left out, for the name of a label`);
    return [];
  });
  return rules.length === 0 ? {} : { inhibit_rules: rules };
}

/** Names that Alertmanager 0.25 takes in a config. */
const isPlain = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);

const textOf = (match: Matchers): string => match.map(matcherText).join(', ');

function tiersText({ tiers, fallback }: Policy): string {
  const steps = tiers.map(
    ({ targets, ackWithin }) => `${targets.map(targetName).join(' and ')} for ${formatDuration(ackWithin)}`,
  );
  return [...steps, ...(fallback === undefined ? [] : [targetName(fallback)])].join(', then ');
}

const targetName = ({ responder, schedule, channel }: Policy['tiers'][number]['targets'][number]): string =>
  responder !== undefined ? `responder/${responder}` : schedule !== undefined ? `schedule/${schedule}` : `channel/${channel}`;
