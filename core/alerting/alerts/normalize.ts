import type { AlertsSourceConfig } from '../../telemetry/sources/kinds/alerts.ts';
import { severityMeant } from '../../telemetry/sources/severity-words.ts';
import { fingerprint, type Sha256 } from '../../vocabulary/fingerprint.ts';
import { asRuleId, type Fingerprint } from '../../vocabulary/ids.ts';
import { type AlertSeverity, type Category, categories, type Labels } from '../../vocabulary/schema-parts.ts';
import { shown } from '../../vocabulary/shown.ts';
import { cut } from '../../vocabulary/text.ts';
import type { Grouping } from '../correlation/grouping.ts';
import type { AlertPayload } from './alert-payload.ts';
import type { NormalizedAlert } from './external.ts';
import { groupOf } from './group.ts';
import { firstCuts, keptLabels, keptNote, mostKept, type PostedCut, shortText } from './posted-cuts.ts';

/**
 * Of an alert that is posted as to an Alertmanager, whose sender sends it again each minute or so.
 */
const postEndsAfter = 300_000;

/** The source of a post, and what else is needed to read it. */
type From = {
  name: string;
  source: AlertsSourceConfig;
  groupBy: Grouping;
  /** Labels that alerts are picked by. Asked only of an alert with too many labels. */
  named?: () => readonly string[];
  /** Hears of a text that was not understood, so that the default of the source counts. */
  defaulted?: (text: () => string) => void;
  sha256?: Sha256 | undefined;
};

/** Labels with a meaning here. They are kept before others if there are too many. */
const usedLabels = ['alertname', 'severity', 'category', 'runbook', 'owner'];

/**
 * Reads a post with the config of its source. Labels, including the source's, identify the alert;
 * annotations only describe it. Without `endsAt` it ends `endsAfter` from now, of the source or of
 * its format. A start in the future becomes now. What is too long to store is cut, and `cuts` says
 * so.
 */
export function normalizeAlert(posted: AlertPayload, from: From, now: number): NormalizedAlert {
  const { name, source } = from;
  const cuts: PostedCut[] = [];
  const needed = (): string[] => {
    const about = subjectOf(sent, from);
    const ours = Object.keys(source.labels);
    return [...usedLabels, source.severityLabel, ...ours, ...groupedBy(about, from), ...(from.named?.() ?? [])];
  };
  const sent = { ...posted.labels, ...source.labels };
  const { labels, identity } = keptLabels(sent, needed, cuts, from.sha256);
  const about = subjectOf(labels, from);
  noteDefaults(labels, posted.annotations, from);
  const rule = ruleOf(labels);
  const notes = posted.annotations;
  const title = noteOf(notes, ['summary', 'title']);
  const reason = noteOf(notes, ['description', 'message']);
  const owner = textOf(labels, 'owner') ?? source.owner;
  const link = httpUrl(posted.generatorURL, 'generatorURL', 'link', cuts);
  const shownTitle = title === undefined ? shortText(rule) : keptNote(...title, cuts);
  const id = externalFingerprint(name, posted.identity ?? identity, from.sha256);
  const told = {
    ...about,
    fingerprint: id,
    ...groupOf({ labels, fingerprint: id }, groupedBy(about, from)),
    reason: reason === undefined ? shortText(`${rule} fires in ${name}`) : keptNote(...reason, cuts),
  };
  const external: NormalizedAlert['external'] = {
    source: name,
    title: shownTitle,
    runbook: runbookOf(labels, notes, cuts) ?? source.runbook,
    ...(owner === undefined ? {} : { owner: cut(owner, mostKept.text) }),
    ...(link === undefined ? {} : { link }),
    startsAt: Math.min(posted.startsAt ?? posted.endsAt ?? now, now),
    endsAt: posted.endsAt ?? now + (source.endsAfter ?? posted.endsAfter ?? postEndsAfter),
    ...(posted.endsAt === undefined ? { timeout: true } : {}),
    ...(posted.judgedAt === undefined ? {} : { judgedAt: posted.judgedAt }),
  };
  return { ...told, external: cuts.length === 0 ? external : { ...external, cuts: firstCuts(cuts) } };
}

/**
 * What identifies an alert of a source. Config names cannot contain these characters, so it clashes
 * with no rule.
 */
export const externalFingerprint = (source: string, identity: Labels, sha256?: Sha256): Fingerprint =>
  fingerprint(`${source}#alerts`, identity, sha256);

/** What the labels say about the alert. */
function subjectOf(labels: Labels, { name, source }: From): Pick<NormalizedAlert, 'ruleId' | 'labels' | 'category' | 'severity'> {
  return {
    ruleId: asRuleId(`${name}/${ruleOf(labels)}`),
    labels,
    category: categoryMeant(textOf(labels, 'category')) ?? source.category,
    severity: severityOf(textOf(labels, source.severityLabel), source),
  };
}

const groupedBy = (about: Parameters<Grouping>[0], { source, groupBy }: From): readonly string[] =>
  source.groupBy ?? groupBy(about);

const ruleOf = (labels: Labels): string => textOf(labels, 'alertname') ?? 'alert';

/** Names come from outside and may be `constructor`. */
const textOf = (texts: Labels, name: string): string | undefined => (Object.hasOwn(texts, name) ? texts[name] : undefined);

/** The first annotation of these names that says something, and which one it was. */
function noteOf(notes: Labels, names: readonly string[]): [text: string, name: string] | undefined {
  for (const name of names) {
    const text = textOf(notes, name);
    if (text !== undefined && /\S/.test(text)) return [text, name];
  }
  return undefined;
}

/** In any case of letters, as severities are. */
export const categoryMeant = (text: string | undefined): Category | undefined => {
  const plain = text?.trim().toLowerCase();
  return categories.find((one) => one === plain);
};

const severityOf = (word: string | undefined, source: AlertsSourceConfig): AlertSeverity =>
  (word === undefined ? undefined : severityMeant(word, source)) ?? source.severity;

/** Nothing of a post is refused for these, so whoever reads the answer or the log hears of it. */
function noteDefaults(labels: Labels, notes: Labels, { source, defaulted }: From): void {
  if (defaulted === undefined) return;
  const severity = textOf(labels, source.severityLabel);
  if (severity !== undefined && severityMeant(severity, source) === undefined)
    defaulted(
      () =>
        `label ${source.severityLabel}: ${shown(severity)} is no severity that the source knows, so it counts as ${source.severity}; say in \`severities\` of the source what it means`,
    );
  const category = textOf(labels, 'category');
  if (category !== undefined && categoryMeant(category) === undefined)
    defaulted(
      () =>
        `label category: ${shown(category)} is none of ${categories.join(', ')}, so it counts as ${source.category}, the category of the source`,
    );
  const runbook = textOf(labels, 'runbook') ?? textOf(notes, 'runbook') ?? textOf(notes, 'runbook_url');
  if (runbook !== undefined && runbookOf(labels, notes, []) === undefined)
    defaulted(
      () =>
        `runbook: ${shown(cut(runbook, 80))} is neither the name of a runbook nor an http(s) address that is kept, so the source's own counts, ${source.runbook}`,
    );
}

/**
 * The name of our runbook, or an external URL. Anything else falls back to the source's default.
 */
function runbookOf(labels: Labels, notes: Labels, cuts: PostedCut[]): string | undefined {
  const told = [
    [textOf(labels, 'runbook'), 'runbook'],
    [textOf(notes, 'runbook'), 'runbook'],
    [textOf(notes, 'runbook_url'), 'runbook_url'],
  ] as const;
  for (const [text, name] of told) {
    if (text === undefined) continue;
    if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(text) || httpUrl(text, name, 'annotation', cuts) !== undefined) return text;
  }
  return undefined;
}

/** Pages link to it, and `javascript:` parses as a URL too. A part of one leads nowhere. */
function httpUrl(text: string | undefined, name: string, of: 'annotation' | 'link', cuts: PostedCut[]): string | undefined {
  if (text === undefined || !/^https?:\/\//i.test(text)) return undefined;
  if (text.length > mostKept.link) cuts.push({ of, name, chars: text.length, kept: 0 });
  else if (URL.canParse(text)) return text;
  return undefined;
}
