import { categoryMeant } from '../alerting/alerts/normalize.ts';
import type { Config } from '../config/schema.ts';
import { commonKindOf } from '../detection/kinds/table.ts';
import { type Rule, sourceNameOf } from '../detection/rules/rule-schema.ts';
import type { AlertsSourceConfig } from '../telemetry/sources/kinds/alerts.ts';
import { knownSeverityWords, severityMeant } from '../telemetry/sources/severity-words.ts';
import { modelLabel } from '../telemetry/sources/source.ts';
import { type Named, sourcesOf } from '../telemetry/sources/sources-of.ts';
import { asRuleId } from '../vocabulary/ids.ts';
import type { Matched } from '../vocabulary/matching.ts';
import { nearest } from '../vocabulary/nearest.ts';
import { type AlertSeverity, alertSeverities, categories, type Labels, severities } from '../vocabulary/schema-parts.ts';
import { shown } from '../vocabulary/shown.ts';

/**
 * The alerts that labels may stand for, one for each severity. `notes`: what was not understood of
 * them.
 */
export type Asked = { ok: true; alerts: Matched[]; notes: string[] } | { ok: false; error: string };

type Sender = Named<AlertsSourceConfig>;

/**
 * The alerts that may have these labels. `rule` is a rule of the config, or `source/alertname` of
 * an alert that another system posts. An `alertname` alone is one of the only source of alerts.
 */
export function askedBy(config: Config, labels: Labels): Asked {
  const { rule: named, ...others } = labels;
  const senders = sourcesOf(config, 'alerts');
  if (named === undefined) {
    const [only, ...more] = senders;
    if (only !== undefined && more.length === 0 && labels['alertname'] !== undefined) return askedOfSender(only, others);
    return askedOfTeam(config, senders, labels, undefined);
  }
  const rule = Object.hasOwn(config.rules, named) ? config.rules[named] : undefined;
  if (rule !== undefined) return askedOfTeam(config, senders, labels, rule);
  const slash = named.indexOf('/');
  const sender = senders.find(({ name }) => name === named.slice(0, Math.max(0, slash)));
  if (sender !== undefined) return askedOfSender(sender, { alertname: named.slice(slash + 1), ...others });
  const tail = slash < 0 ? '' : named.slice(slash);
  return wrong('rule', named, [...Object.keys(config.rules), ...senders.map(({ name }) => `${name}${tail}`)]);
}

function wrong(name: string, value: string, valid: readonly string[], listed = valid): Asked {
  const near = nearest(value, valid);
  const hint = near === undefined ? `expected one of ${listed.join(', ')}` : `did you mean "${near}"?`;
  return { ok: false, error: `${name}: there is no ${name} ${shown(value)}; ${hint}` };
}

/**
 * Asks about a rule, or about any alert of a category. `severity` may be a word that a sender of
 * alerts uses.
 */
function askedOfTeam(config: Config, senders: readonly Sender[], labels: Labels, rule: Rule | undefined): Asked {
  const { category, severity } = labels;
  const known = categories.find((one) => one === category);
  if (category !== undefined && known === undefined) return wrong('category', category, categories);
  const row = known ?? rule?.category;
  if (row === undefined) {
    return {
      ok: false,
      error: `expected the label rule or category (${categories.join(', ')}), which decides who is paged; received neither`,
    };
  }
  // Only alerts of others are of severity info.
  const valid: readonly AlertSeverity[] = rule === undefined ? alertSeverities : severities;
  const own = valid.find((one) => one === severity);
  const words = rule === undefined ? senders : [];
  const meant = severity === undefined ? [] : words.flatMap(({ source }) => severityMeant(severity, source) ?? []);
  const wanted = severity === undefined ? possibleSeverities(rule) : own === undefined ? [...new Set(meant)] : [own];
  if (severity !== undefined && wanted.length === 0)
    return wrong(
      'severity',
      severity,
      [...valid, ...words.flatMap(({ source }) => Object.keys(knownSeverityWords(source)))],
      valid,
    );
  const source = rule === undefined ? undefined : config.sources[sourceNameOf(rule) ?? ''];
  const all = { ...source?.labels, ...modelLabel(source), ...rule?.labels, ...labels, category: row };
  const ruleId = asRuleId(labels['rule'] ?? '');
  return {
    ok: true,
    alerts: wanted.map((one) => ({ labels: { ...all, severity: severity ?? one }, ruleId, category: row, severity: one })),
    notes: [],
  };
}

/** A rule with a bound for one severity has no alerts of the other. */
const possibleSeverities = (rule: Rule | undefined): readonly AlertSeverity[] =>
  rule === undefined ? severities : commonKindOf(rule).severities(rule);

/** As a post with these labels is read: what the source does not know counts as it says. */
function askedOfSender({ name, source }: Sender, given: Labels): Asked {
  const labels = { ...given, ...source.labels };
  const notes: string[] = [];
  const word = Object.hasOwn(labels, source.severityLabel) ? labels[source.severityLabel] : undefined;
  const meant = word === undefined ? undefined : severityMeant(word, source);
  if (word !== undefined && meant === undefined) {
    const near = nearest(word, Object.keys(knownSeverityWords(source)));
    const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
    notes.push(`severity ${shown(word)} is none that ${name} knows${hint}, so it counts as ${source.severity}`);
  }
  const category = categoryMeant(labels['category']);
  if (labels['category'] !== undefined && category === undefined) {
    const near = nearest(labels['category'], categories);
    const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
    notes.push(
      `category ${shown(labels['category'])} is none of ${categories.join(', ')}${hint}, so it counts as ${source.category}`,
    );
  }
  const about = { labels, ruleId: asRuleId(`${name}/${labels['alertname'] ?? 'alert'}`), category: category ?? source.category };
  const wanted = word === undefined ? severities : [meant ?? source.severity];
  return { ok: true, alerts: wanted.map((severity) => ({ ...about, severity })), notes };
}
