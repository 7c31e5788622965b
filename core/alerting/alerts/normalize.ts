import type { AlertsSourceConfig } from '../../telemetry/sources/kinds/alerts.ts';
import { fingerprint, type Sha256 } from '../../vocabulary/fingerprint.ts';
import { type Category, categories, type Labels, type Severity } from '../../vocabulary/schema-parts.ts';
import type { Grouping } from '../correlation/grouping.ts';
import type { AlertPayload } from './alert-payload.ts';
import type { NormalizedAlert } from './external.ts';
import { groupOf } from './next-alert.ts';

/** An alert record is limited to 400 kB, and people read no more than this. */
const maxText = 2000;
/** An incident carries fifty of these. */
const maxUrl = 1000;

/**
 * Reads a post with the config of its source. Labels, including the source's, identify the alert;
 * annotations only describe it. Without `endsAt` it ends `endsAfter` from now. A start in the
 * future becomes now.
 */
export function normalizeAlert(
  posted: AlertPayload,
  from: { name: string; source: AlertsSourceConfig; groupBy: Grouping; sha256?: Sha256 | undefined },
  now: number,
): NormalizedAlert {
  const { name, source } = from;
  const labels: Labels = { ...posted.labels, ...source.labels };
  const notes = posted.annotations;
  const endsAt = posted.endsAt ?? now + source.endsAfter;
  const startsAt = Math.min(posted.startsAt ?? posted.endsAt ?? now, now);
  const rule = textOf(labels, 'alertname') ?? 'alert';
  const title = textOf(notes, 'summary') ?? textOf(notes, 'title') ?? rule;
  const reason = textOf(notes, 'description') ?? textOf(notes, 'message') ?? `${rule} fires in ${name}`;
  const severity = severityOf(textOf(labels, source.severityLabel), source);
  const category = categoryOf(textOf(labels, 'category')) ?? source.category;
  const ruleId = `${name}/${rule}`;
  const owner = textOf(labels, 'owner') ?? source.owner;
  const link = httpUrl(posted.generatorURL);
  return {
    // Config names cannot contain these characters, so this clashes with no rule.
    fingerprint: fingerprint(`${name}#alerts`, labels, from.sha256),
    ruleId,
    labels,
    category,
    ...groupOf(labels, source.groupBy ?? from.groupBy({ ruleId, labels, category, severity })),
    severity,
    reason: shortened(reason),
    external: {
      source: name,
      title: shortened(title),
      runbook: runbookOf(labels, notes) ?? source.runbook,
      ...(owner === undefined ? {} : { owner: shortened(owner) }),
      ...(link === undefined ? {} : { link }),
      startsAt,
      endsAt,
    },
  };
}

/** Names come from outside and may be `constructor`. */
const textOf = (texts: Labels, name: string): string | undefined => (Object.hasOwn(texts, name) ? texts[name] : undefined);

const shortened = (text: string): string => (text.length <= maxText ? text : `${text.slice(0, maxText - 1)}…`.toWellFormed());

const categoryOf = (text: string | undefined): Category | undefined => categories.find((one) => one === text);

const severityOf = (word: string | undefined, { severities, severity }: AlertsSourceConfig): Severity =>
  (word !== undefined && Object.hasOwn(severities, word) ? severities[word] : undefined) ?? severity;

/**
 * The name of our runbook, or an external URL. Anything else falls back to the source's default.
 */
function runbookOf(labels: Labels, notes: Labels): string | undefined {
  const told = [textOf(labels, 'runbook'), textOf(notes, 'runbook'), textOf(notes, 'runbook_url')];
  return told.find((one) => one !== undefined && (/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(one) || httpUrl(one) !== undefined));
}

/** Pages link to it, and `javascript:` parses as a URL too. */
function httpUrl(text: string | undefined): string | undefined {
  if (text === undefined || text.length > maxUrl || !/^https?:\/\//i.test(text)) return undefined;
  return URL.canParse(text) ? text : undefined;
}
