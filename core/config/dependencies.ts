import { type Rule, sourceNameOf } from '../detection/rules/rule-schema.ts';
import { fixedLabels, isAsked, modelLabel, type SourceConfig, sourceKindOf } from '../telemetry/sources/source.ts';
import { accepts, type Matchers, matchersText } from '../vocabulary/matchers/matcher.ts';
import { byLabel } from '../vocabulary/matchers/possible.ts';
import { nearest } from '../vocabulary/nearest.ts';
import type { Path, Report } from '../vocabulary/report.ts';
import { shown } from '../vocabulary/shown.ts';
import { cyclesOf } from './cycles.ts';
import type { Config } from './schema.ts';

/** The labels that alerts of one rule, or of one alert source, are known to have. */
type Labelled = {
  fixed: ReadonlyMap<string, readonly string[]>;
  /** Possible other labels: any, if series bring their own; or only those predictions may have. */
  others: 'any' | readonly string[];
};

/**
 * Reports dependencies on unknown nodes, on themselves or in a cycle, and those that no alert can
 * match.
 */
export function checkDependencies(config: Config, report: Report): void {
  const names = Object.keys(config.dependencies);
  if (names.length === 0) return;
  const labelled = [...rulesOf(config), ...alertSourcesOf(config)];
  const sameMatch = new Map<string, string>();
  for (const [name, { match, dependsOn }] of Object.entries(config.dependencies)) {
    const path: Path = ['dependencies', name];
    checkMatch([...path, 'match'], match, labelled, report);
    const text = match
      .map((matcher) => matchersText([matcher]))
      .toSorted()
      .join();
    const first = sameMatch.get(text);
    if (first === undefined) sameMatch.set(text, name);
    else
      report(
        [...path, 'match'],
        'key',
        `expected labels of its own; received those of ${first}, but an alert is about one dependency`,
      );
    for (const [index, other] of dependsOn.entries()) checkName([...path, 'dependsOn', index], name, other, names, report);
  }
  checkCircles(config, names, report);
}

function checkName(path: Path, name: string, other: string, names: readonly string[], report: Report): void {
  if (other === name) report(path, 'value', `expected the name of another dependency; ${name} cannot depend on itself`);
  else if (!names.includes(other)) {
    const message = `expected the name of a dependency; received ${shown(other)}, which does not exist`;
    report(path, 'value', message, nearest(other, names));
  }
}

function checkCircles({ dependencies }: Config, names: readonly string[], report: Report): void {
  const place = new Map(names.map((name, index) => [name, index]));
  const next = names.map((name) =>
    (dependencies[name]?.dependsOn ?? []).flatMap((other) => {
      const index = other === name ? undefined : place.get(other);
      return index === undefined ? [] : [index];
    }),
  );
  for (const cycle of cyclesOf(next)) {
    const [first = 0] = cycle;
    const chain = [...cycle, first].map((index) => names[index]).join(' -> ');
    const message = `expected dependencies without a cycle, because a cause precedes its effects; received ${chain}; remove one of them`;
    report(['dependencies', names[first] ?? '', 'dependsOn'], 'key', message);
  }
}

/** A node that no alert matches would be an invisible hole in the graph. */
function checkMatch(path: Path, match: Matchers, labelled: readonly Labelled[], report: Report): void {
  if (match.some(({ name }) => name === 'severity')) {
    const message = 'expected labels that stay constant; severity changes while an alert fires';
    report([...path, 'severity'], 'key', message);
    return;
  }
  if (labelled.length === 0 || labelled.some((one) => mayFit(match, one))) return;
  const alone = match.find((matcher) => !labelled.some((one) => mayFit([matcher], one)));
  const text = matchersText(alone === undefined ? match : [alone]);
  const message = `expected labels that alerts can have; no rule and no source of alerts gives ${text}; name labels of rules or sources`;
  report(path, 'key', message);
}

/** Whether an alert with these labels may meet the matchers. */
export function mayFit(match: Matchers, { fixed, others }: Labelled): boolean {
  return [...byLabel(match)].every(([name, asked]) => {
    const isFit = (value: string): boolean => asked.every((matcher) => accepts(matcher, value));
    const values = fixed.get(name);
    // A missing label equals the empty string.
    if (values === undefined) return others === 'any' || others.includes(name) || isFit('');
    return values.some(isFit);
  });
}

const rulesOf = (config: Config): Labelled[] => Object.entries(config.rules).map(([id, rule]) => labelsOfRule(config, id, rule));

/** What is known of the labels of a rule's alerts. */
export function labelsOfRule({ sources }: Pick<Config, 'sources'>, id: string, rule: Rule): Labelled {
  const { category, labels } = rule;
  const source = sources[sourceNameOf(rule) ?? ''];
  const own = { ...modelLabel(source), ...fixedLabels(source), ...labels };
  const fixed = new Map(Object.entries({ ...own, rule: id, category }).map(([name, value]) => [name, [value]]));
  return { fixed, others: othersOf(source) };
}

const othersOf = (source: SourceConfig | undefined): Labelled['others'] =>
  source === undefined ? [] : (sourceKindOf(source)?.otherLabels(source) ?? 'any');

/** Alerts of another system bring their own labels, category and name. */
function alertSourcesOf({ sources }: Config): Labelled[] {
  return Object.values(sources).flatMap((source): Labelled[] =>
    isAsked(source)
      ? []
      : [
          {
            fixed: new Map(Object.entries(fixedLabels(source)).map(([name, value]) => [name, [value]])),
            others: othersOf(source),
          },
        ],
  );
}
