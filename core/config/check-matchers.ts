import { knownSeverityWords, severityMeant } from '../telemetry/sources/severity-words.ts';
import { accepts, type Matcher, type Matchers, matcherText, namedValues } from '../vocabulary/matchers/matcher.ts';
import { contradiction } from '../vocabulary/matchers/possible.ts';
import { isOwnLabel, type OwnLabel } from '../vocabulary/matching.ts';
import { nearest } from '../vocabulary/nearest.ts';
import type { Path, Report } from '../vocabulary/report.ts';
import { alertSeverities, categories } from '../vocabulary/schema-parts.ts';
import { shown } from '../vocabulary/shown.ts';
import type { Config } from './schema.ts';

type Known = {
  what: string;
  /** The values that Tocsin sets. */
  names: readonly string[];
  /** Other values that alerts of other systems may come with. */
  foreign: readonly string[];
  /** Whether it is one of those, in another spelling. */
  means?: (value: string) => boolean;
};

/**
 * Reports matchers on labels that Tocsin sets whose values no alert has. Other labels may have any
 * value. Alerts of other systems come with a severity of their own, so there only a near miss of a
 * known word is taken for a mistake.
 */
export function checkMatchers(config: Config, report: Report): void {
  const known = knownValues(config);
  const check = (path: Path, matchers: Matchers): void => {
    for (const matcher of matchers) if (isOwnLabel(matcher.name)) checkOne(path, matcher, known[matcher.name], report);
    const never = contradiction(matchers.filter(({ name }) => !isOwnLabel(name)));
    if (never === undefined) return;
    report(path, 'key', `expected matchers that an alert can meet; none can have ${never.map(matcherText).join(' and ')}`);
  };
  for (const [index, { source, target }] of config.inhibitions.entries()) {
    check(['inhibitions', index, 'source'], source);
    check(['inhibitions', index, 'target'], target);
  }
  for (const [name, source] of Object.entries(config.sources))
    if (source.kind === 'alerts')
      for (const [index, match] of source.ignore.entries()) check(['sources', name, 'ignore', index], match);
  for (const [name, { match }] of Object.entries(config.muteTimings)) check(['muteTimings', name, 'match'], match);
  for (const [name, { match }] of Object.entries(config.dependencies)) check(['dependencies', name, 'match'], match);
}

/** The same for the matchers of one place. */
export function checkMatch(config: Config, path: Path, matchers: Matchers, report: Report): void {
  const known = knownValues(config);
  for (const matcher of matchers) if (isOwnLabel(matcher.name)) checkOne(path, matcher, known[matcher.name], report);
}

function knownValues(config: Config): Record<OwnLabel, Known> {
  const senders = Object.entries(config.sources).flatMap(([name, source]) =>
    source.kind === 'alerts' ? [{ name, source }] : [],
  );
  const words = senders.flatMap(({ source }) => Object.keys(knownSeverityWords(source)));
  return {
    rule: { what: 'rule', names: Object.keys(config.rules), foreign: senders.map(({ name }) => `${name}/`) },
    category: { what: 'category', names: categories, foreign: senders.length === 0 ? [] : categories },
    severity: {
      what: 'severity',
      names: alertSeverities,
      foreign: words,
      means: (value) => senders.some(({ source }) => severityMeant(value, source) !== undefined),
    },
  };
}

function checkOne(path: Path, matcher: Matcher, { what, names, foreign, means }: Known, report: Report): void {
  const values = namedValues(matcher);
  const mayBeForeign = foreign.length > 0;
  if (values === undefined) {
    if (mayBeForeign || names.length === 0 || names.some((name) => accepts(matcher, name))) return;
    report([...path, matcher.name], 'value', `expected a pattern that a ${what} matches; received ${matcherText(matcher)}`);
    return;
  }
  const all = [...names, ...foreign];
  for (const value of values) {
    if (value === '' || all.includes(value) || means?.(value)) continue;
    // An alert of another system is named after it: prometheus/HighLatency.
    if (foreign.some((prefix) => prefix.endsWith('/') && value.startsWith(prefix))) continue;
    const near = nearest(value, all);
    if (what !== 'rule' && mayBeForeign && near === undefined) continue;
    const none = names.length === 0 ? `; there is no ${what} yet` : '';
    const message = `expected the name of a ${what}; received ${shown(value)}, which does not exist${none}`;
    report([...path, matcher.name], 'value', message, near);
  }
}
