import type { AlertsSourceConfig } from '../telemetry/sources/kinds/alerts.ts';
import { knownSeverityWords } from '../telemetry/sources/severity-words.ts';
import type { Matchers } from '../vocabulary/matchers/matcher.ts';
import { byLabel, contradiction, possibleValues } from '../vocabulary/matchers/possible.ts';
import { isOwnLabel, type Matchable, matches } from '../vocabulary/matching.ts';
import type { Report } from '../vocabulary/report.ts';
import { categories, type Labels, severities } from '../vocabulary/schema-parts.ts';
import { cyclesOf } from './cycles.ts';
import type { Config } from './schema.ts';

/**
 * What is certain about an alert before it exists; its other labels may have any value. `source`:
 * the alert source it comes from; its rule is named there.
 */
type Candidate = Required<Matchable> & { source?: string };

/**
 * Finds inhibitions by which alerts could mute each other, so that nobody is paged: a source and
 * target that can be the same alert, and chains that lead back to their start. Two matchers overlap
 * if some alert of, or about, some rule may satisfy both. `equal` is ignored: equal labels do not
 * prevent it.
 */
export function checkInhibitions(config: Config, report: Report): void {
  const { inhibitions } = config;
  const names = new Map<string, number>();
  for (const [index, { name }] of inhibitions.entries()) {
    const first = names.get(name);
    if (first === undefined) names.set(name, index);
    else
      report(
        ['inhibitions', index, 'name'],
        'value',
        `expected a name of its own; received ${name}, the name of inhibitions[${first}]`,
      );
  }
  if (inhibitions.length === 0) return;

  const candidates = candidatesOf(config);
  const matched = inhibitions.map(({ source, target }) => ({
    source: select(candidates, source),
    target: select(candidates, target),
  }));
  const next = inhibitions.map((from, i) =>
    inhibitions.flatMap((to, j) => (overlap(from.target, to.source) && share(matched[i]?.target, matched[j]?.source) ? [j] : [])),
  );
  const own = new Set<number>();
  for (const [index, { source, target, name }] of inhibitions.entries()) {
    if (!overlap(source, target) || !share(matched[index]?.source, matched[index]?.target)) continue;
    own.add(index);
    const message = `an alert may be both source and target of ${name}; expected matchers that no alert satisfies both of, such as different rules or severities`;
    report(['inhibitions', index, 'target'], 'key', message);
  }
  for (const cycle of cyclesOf(next)) {
    if (cycle.length === 1 && own.has(cycle[0] as number)) continue;
    const [first] = cycle as [number];
    const chain = [...cycle, first].map((index) => inhibitions[index]?.name).join(' -> ');
    const message = `inhibitions form a cycle in which no alert would page: ${chain}; remove one of them or narrow its target`;
    report(['inhibitions', first, 'target'], 'key', message);
  }
}

function candidatesOf(config: Config): Candidate[] {
  const ofRules = Object.entries(config.rules).flatMap(([rule, { category, labels }]) =>
    severities.flatMap((severity) => [
      { labels, own: { rule, category, severity } },
      // An alert about the rule itself.
      { labels, own: { rule, category: 'pipeline', severity } },
    ]),
  );
  const ofSources = Object.entries(config.sources).flatMap(([name, source]) =>
    source.kind === 'alerts' ? candidatesOfSource(name, source) : [],
  );
  return [...ofRules, ...ofSources];
}

/** Alerts of another system keep the word for their severity, which has a meaning here. */
function candidatesOfSource(source: string, config: AlertsSourceConfig): Candidate[] {
  const { labels, severityLabel, severity } = config;
  const kinds: [Labels, string][] = [[labels, severity]];
  for (const [word, meant] of Object.entries(knownSeverityWords(config)))
    kinds.push([{ [severityLabel]: word, ...labels }, meant]);
  return kinds.flatMap(([own, meant]) =>
    categories.map((category) => ({ labels: own, own: { rule: '', category, severity: meant }, source })),
  );
}

/** The candidates that may match. */
function select(candidates: readonly Candidate[], matchers: Matchers): Set<number> {
  const chosen = new Set<number>();
  for (const [index, candidate] of candidates.entries()) {
    const fits = [...byLabel(matchers)].every(([name, about]) => {
      if (name === 'rule' && candidate.source !== undefined) return mayNameAlertOf(candidate.source, about);
      return isOwnLabel(name) || Object.hasOwn(candidate.labels, name)
        ? matches(about, candidate)
        : contradiction(about) === undefined;
    });
    if (fits) chosen.add(index);
  }
  return chosen;
}

function mayNameAlertOf(source: string, about: Matchers): boolean {
  const values = possibleValues(about);
  return values === undefined || values.some((value) => value.startsWith(`${source}/`));
}

function share(a: ReadonlySet<number> | undefined, b: ReadonlySet<number> | undefined): boolean {
  return a !== undefined && b !== undefined && [...a].some((one) => b.has(one));
}

/**
 * Whether no label must have two different values. Of a severity and a category an alert may have
 * two; the candidates tell.
 */
const overlap = (a: Matchers, b: Matchers): boolean =>
  contradiction([...a, ...b].filter(({ name }) => name !== 'severity' && name !== 'category')) === undefined;
