import { knownSeverityWords, type SeverityWords, severityMeant } from '../../telemetry/sources/severity-words.ts';
import {
  isPositive,
  type Matcher,
  type Matchers,
  matchersText,
  matcherText,
  namedValues,
} from '../../vocabulary/matchers/matcher.ts';
import { maxMatchers } from '../../vocabulary/matchers/parse-matchers.ts';
import { acceptsNoLabels, contradiction } from '../../vocabulary/matchers/possible.ts';
import { isOwnLabel, matchable, matches } from '../../vocabulary/matching.ts';
import { nearest } from '../../vocabulary/nearest.ts';
import { alertSeverities, categories } from '../../vocabulary/schema-parts.ts';
import { isOwn } from '../../vocabulary/tenant.ts';
import { type Alert, isActive } from '../alerts/alert.ts';

/** Why matchers make no silence, for the person who asked; undefined if they do. */
export function silenceFault(match: Matchers): string | undefined {
  if (match.length === 0) return 'a silence needs at least one matcher, such as model="flight-delays"; received none';
  if (match.length > maxMatchers) return `a silence has at most ${maxMatchers} matchers; received ${match.length}`;
  if (acceptsNoLabels(match)) {
    const why = 'at least one matcher of a silence must not match the empty string, or it mutes every alert without these labels';
    return `${why}; received ${matchersText(match)}`;
  }
  // A label that Tocsin sets may have two values in one alert: its own and the sender's.
  const never = contradiction(match.filter(({ name }) => !isOwnLabel(name)));
  if (never === undefined) return undefined;
  const several = never.every(({ op }) => op === '=') ? `; either value is ${eitherOf(never)}` : '';
  return `no alert can have ${never.map(matcherText).join(' and ')}: all matchers must hold${several}`;
}

const eitherOf = (matchers: readonly Matcher[]): string => {
  const [first] = matchers;
  return matcherText({ name: first?.name ?? '', op: '=~', value: matchers.map(({ value }) => value).join('|') });
};

/** What a silence matches at one moment. Those that are muted already count as well. */
export type Silenced = { matched: number; firing: number };

export function silencedNow(match: Matchers, alerts: readonly Alert[]): Silenced {
  const firing = alerts.filter((alert) => isActive(alert) && isOwn(alert));
  return { matched: firing.filter((alert) => matches(match, matchable(alert))).length, firing: firing.length };
}

/** `it matches 3 of the 12 alerts that fire now` */
export function silencedText({ matched, firing }: Silenced): string {
  if (firing === 0) return 'no alert fires now';
  if (firing === 1) return `it ${matched === 0 ? 'does not match' : 'matches'} the only alert firing now`;
  return `it matches ${matched === 0 ? 'none' : matched} of the ${firing} alerts firing now`;
}

/**
 * What a person may have meant otherwise. `senders`: what sources of alerts that come in know of
 * severities; their alerts may have other words as well, so only what is nearly one that is known
 * is named.
 */
export function silenceHints(match: Matchers, senders: readonly SeverityWords[]): string[] {
  return match.flatMap((matcher) => {
    const { name, op, value } = matcher;
    if (op === '=' && /[|*]|\.\+/.test(value)) {
      const pattern = matcherText({ name, op: '=~', value });
      return [`${matcherText(matcher)} compares the text as it is; a pattern is written ${pattern}`];
    }
    const own: readonly string[] | undefined =
      name === 'severity' ? alertSeverities : name === 'category' ? categories : undefined;
    if (own === undefined || !isPositive(matcher)) return [];
    const values = namedValues(matcher) ?? [];
    if (senders.length === 0) {
      const odd = values.find((one) => !own.includes(one));
      return odd === undefined ? [] : [`no rule gives an alert the ${name} ${JSON.stringify(odd)}; there are ${own.join(', ')}`];
    }
    const words = name === 'severity' ? senders.flatMap((one) => Object.keys(knownSeverityWords(one))) : [];
    const known = [...own, ...words];
    const isKnown = (one: string): boolean =>
      known.includes(one) || (name === 'severity' && senders.some((sender) => severityMeant(one, sender) !== undefined));
    return values.flatMap((one) => {
      const near = isKnown(one) ? undefined : nearest(one, known);
      return near === undefined
        ? []
        : [`${name} ${JSON.stringify(one)} is none that is known; did you mean ${JSON.stringify(near)}?`];
    });
  });
}
