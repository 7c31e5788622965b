import type { ConfigDocument } from '../../../core/config/document.ts';
import type { ConfigInput } from '../../../core/config/schema.ts';
import type { Category } from '../../../core/vocabulary/schema-parts.ts';
import { formatDuration } from '../../../core/vocabulary/units.ts';
import { namesOf } from '../names.ts';
import type { Note, Notes } from '../note.ts';
import { writtenAt } from '../written.ts';
import { alertsIn, type WrittenAlert } from './alert.ts';
import { type Banded, banded } from './bands.ts';
import { exclusive } from './expression.ts';

type RuleInput = NonNullable<ConfigInput['rules']>[string];

/**
 * What the file does not say of a rule. `source`: which asks the Prometheus that judged until now.
 */
export type AboutRules = { source: string; category: Category; runbook: string };

export type ImportedRules = { config: Pick<ConfigInput, 'rules'>; notes: Note[] };

/** The most points of which a rule may count those that breach. */
const mostPoints = 1000;

/**
 * Alerting rules of Prometheus as rules here. Two alerts that compare one query with two bounds
 * become the bands of one rule.
 */
export function importPrometheusRules(document: ConfigDocument, about: AboutRules): ImportedRules {
  const notes: Notes = [];
  const file = writtenAt(document, notes);
  const alerts = alertsIn(file, notes);
  file.leftOut(whyLeftOut);
  const nameFor = namesOf();
  const rules = banded(alerts).map((rule) => [nameFor(rule.first.name), ruleOf(rule, about, notes)] as const);
  return { config: { rules: Object.fromEntries(rules) }, notes };
}

const whyLeftOut = (key: string): string | undefined =>
  key === 'limit' || key === 'query_offset' || key === 'partial_response_strategy'
    ? 'how Prometheus evaluates; the source has `maxSeries` and `lag`'
    : undefined;

function ruleOf(rule: Banded, { source, category, runbook }: AboutRules, notes: Notes): RuleInput {
  const { first } = rule;
  const joined = [rule.warn, rule.critical].filter((alert) => alert !== undefined);
  if (joined.length === 2) {
    const names = [...new Set(joined.map(({ name }) => name))];
    const text = `${names.join(' and ')}: one rule with the bands warn and critical, so one incident`;
    for (const { line } of joined) notes.push({ line, kind: 'differs', text });
  }
  if (first.compared.by === 'presence') {
    const text = `the alert ${first.name}: more than a comparison with one number, so it is judged by whether the expression returns anything; pages do not show its value`;
    notes.push({ line: first.line, kind: 'differs', text });
  }
  const title = first.title ?? joined.find((alert) => alert.title !== undefined)?.title ?? first.name;
  return {
    title,
    source,
    query: { prometheus: { query: first.compared.query } },
    ...timesOf(first, notes),
    category,
    threshold: thresholdOf(rule),
    // As in Prometheus: an alert whose series is gone ends.
    noData: 'ok',
    ...(Object.keys(first.labels).length === 0 ? {} : { labels: first.labels }),
    runbook,
  };
}

function thresholdOf({ first, warn, critical }: Banded): NonNullable<RuleInput['threshold']> {
  if (first.compared.by === 'presence') return { above: { [first.severity]: 0.5 } };
  const bands = {
    ...(warn === undefined ? {} : { warn: boundOf(warn) }),
    ...(critical === undefined ? {} : { critical: boundOf(critical) }),
  };
  return { [first.compared.side]: bands };
}

function boundOf({ compared }: WrittenAlert): number {
  if (compared.by === 'presence') return 0.5;
  return compared.includesBound ? exclusive(compared.bound, compared.side) : compared.bound;
}

/**
 * `for: 5m` of a group that is evaluated each minute is six evaluations in a row: the first and
 * five more.
 */
function timesOf({ name, line, step, pendingFor, keepFiring }: WrittenAlert, notes: Notes): Partial<RuleInput> {
  const coarse = Math.max(step, Math.ceil(pendingFor / (mostPoints - 1) / 1000) * 1000);
  if (coarse > step) {
    const text = `the alert ${name}: looked at every ${formatDuration(coarse)} instead of ${formatDuration(step)}, for \`for\` would be more than ${mostPoints} points`;
    notes.push({ line, kind: 'differs', text });
  }
  const points = Math.ceil(pendingFor / coarse) + 1;
  return {
    step: formatDuration(coarse),
    ...(points === 1 ? {} : { for: `${points}/${points}` }),
    ...(keepFiring === 0 ? {} : { keepFiring: formatDuration(keepFiring) }),
  };
}
