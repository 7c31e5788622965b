import { authorizeAcceptance, type Person } from '../../core/access/permission.ts';
import { type Alert, isActive } from '../../core/alerting/alerts/alert.ts';
import { type AcceptedBaseline, acceptedEntry } from '../../core/detection/kinds/drift/accepted.ts';
import { judgesProfiles, type ProfilesRule } from '../../core/detection/rules/rule-schema.ts';
import { draftOf } from '../../core/response/incidents/draft.ts';
import type { Series } from '../../core/telemetry/series.ts';
import type { PredictionsSourceConfig } from '../../core/telemetry/sources/kinds/predictions.ts';
import { counted } from '../../core/vocabulary/counted.ts';
import type { Fingerprint, RuleId } from '../../core/vocabulary/ids.ts';
import { labelsKey } from '../../core/vocabulary/labels-key.ts';
import type { Labels } from '../../core/vocabulary/schema-parts.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import { formatDuration } from '../../core/vocabulary/units.ts';
import { commitOf, commitOrRetry } from '../commit.ts';
import { changeOf, commitMuted } from '../commit-alerts.ts';
import { withLabels } from '../evaluate/judge-together.ts';
import type { Ports } from '../ports/ports.ts';
import { storedSources } from '../sources/all-sources.ts';
import { noteRefused } from './note-refused.ts';
import { type Refused, refused } from './refused.ts';

/** A profile is at most 45 kB, and a DynamoDB transaction 4 MB. */
const mostAtOnce = 40;

/**
 * `match`: of the firing alerts of the rule, those with these labels; all without any.
 * `windowMs`: how far back the new normal looks; by default, since these alerts began.
 */
export type AcceptRequest = { rule: RuleId; match: Labels; windowMs?: number | undefined; comment: string };
export type AcceptResult = { ok: true; accepted: AcceptedBaseline[]; message: string } | Refused;

/**
 * Accepts the current distribution of the features of firing drift alerts as their normal: from now
 * on they are compared with it, and the alerts end. Writes this to the audit log and onto the
 * timelines of their incidents.
 */
export async function acceptBaseline(ports: Ports, request: AcceptRequest & Person, now: number): Promise<AcceptResult> {
  const { rule: ruleId, match, comment, actor } = request;
  const rule = Object.hasOwn(ports.config.rules, ruleId) ? ports.config.rules[ruleId] : undefined;
  if (rule === undefined) return refused('not found', `there is no rule ${shown(ruleId)}`);
  if (!judgesProfiles(rule))
    return refused(
      'invalid',
      `expected a rule of the kind drift; ${ruleId} is of the kind ${rule.kind}, whose baseline is in the config`,
    );
  const source = ports.config.sources[rule.source];
  if (source?.kind !== 'predictions') return refused('invalid', `expected a source of predictions; ${rule.source} is none`);
  const denied = authorizeAcceptance(request);
  if (denied !== undefined) return noteRefused(ports, 'accept baseline', request, denied, now);
  const known = await ports.store.alerts();
  const alerts = known.filter((alert) => isOfDrift(alert, ruleId) && hasAll(alert.labels, match));
  if (alerts.length === 0) {
    const of =
      labelsKey(match) === ''
        ? ''
        : ` with ${Object.entries(match)
            .map(([name, value]) => `${name}=${value}`)
            .join(', ')}`;
    return refused('conflict', `no alert of ${ruleId}${of} fires, so there is nothing to accept`);
  }
  if (alerts.length > mostAtOnce)
    return refused(
      'invalid',
      `expected at most ${mostAtOnce} alerts at once; ${alerts.length} of ${ruleId} fire: name some by a label, such as feature=price`,
    );
  const span = spanOf(rule, source, alerts, request.windowMs, now);
  if (typeof span === 'string') return refused('invalid', span);
  const found = await profilesOver(ports, ruleId, rule, source, span, now);
  if (typeof found === 'string') return refused('conflict', `nothing was accepted: ${found}`);
  const records: Omit<AcceptedBaseline, 'version'>[] = [];
  for (const { fingerprint, labels } of alerts) {
    const drift = found.get(labelsKey(labels))?.drift;
    const values = (drift?.current?.count ?? 0) - (drift?.current?.nulls ?? 0);
    if (drift?.current === undefined || drift.against === undefined || values < rule.samples.minCount) {
      const who = labels['feature'] ?? fingerprint;
      return refused(
        'conflict',
        `nothing was accepted: ${who} has ${counted(values, 'value')} ${spanText(span)}, fewer than minCount ${rule.samples.minCount}`,
      );
    }
    const { current: profile, against } = drift;
    records.push({
      fingerprint,
      ruleId,
      labels,
      against,
      ...span,
      profile,
      at: now,
      by: actor,
      comment: comment || 'no comment',
    });
  }
  const accepted = await commitAccepted(ports, records, alerts, now);
  // After a crash before this, the next evaluation finds the alerts well and ends them.
  await endAlerts(ports, accepted, known, now);
  const features = accepted.map(({ labels }) => labels['feature'] ?? '').join(', ');
  return { ok: true, accepted, message: `${ruleId}: the new normal of ${features} is its distribution ${spanText(span)}` };
}

const isOfDrift = (alert: Alert, ruleId: string): boolean =>
  alert.ruleId === ruleId && isActive(alert) && alert.aboutRule !== true && alert.drift !== undefined;
const hasAll = (labels: Labels, match: Labels): boolean => Object.entries(match).every(([name, value]) => labels[name] === value);

type Span = { from: number; to: number };
const spanText = ({ from, to }: Span): string => `from ${new Date(from).toISOString()} to ${new Date(to).toISOString()}`;

/**
 * Whole buckets that ended, since the last of the alerts began; at least what one evaluation
 * judges.
 */
function spanOf(
  rule: ProfilesRule,
  { profileBucket, retain }: PredictionsSourceConfig,
  alerts: readonly Alert[],
  windowMs: number | undefined,
  now: number,
): Span | string {
  const to = Math.floor(now / profileBucket) * profileBucket;
  const least = rule.query.predictions?.over ?? profileBucket;
  if (windowMs !== undefined && (windowMs < profileBucket || windowMs > retain || windowMs % profileBucket !== 0)) {
    const most = formatDuration(retain);
    return `expected a window of whole ${formatDuration(profileBucket)}, up to the ${most} that are kept; received ${formatDuration(windowMs)}`;
  }
  const since = Math.max(
    to - retain,
    ...alerts.map(({ breachedFrom, firedAt, since: began }) => breachedFrom ?? firedAt ?? began),
  );
  const begins = Math.min(to - least, Math.ceil(since / profileBucket) * profileBucket);
  return { from: windowMs === undefined ? begins : to - windowMs, to };
}

/** The series of a rule as it judges them, over another span, by the labels of their alerts. */
async function profilesOver(
  { store }: Pick<Ports, 'store'>,
  ruleId: RuleId,
  rule: ProfilesRule,
  source: PredictionsSourceConfig,
  { from, to }: Span,
  now: number,
): Promise<Map<string, Series> | string> {
  const { predictions } = rule.query;
  if (predictions === undefined) return 'its rule asks for no predictions';
  const over = { ...rule, query: { predictions: { ...predictions, over: to - from } } };
  const asked = [{ ruleId, rule: over, from, to }];
  const [answer] = await storedSources(store).predictions.query(rule.source, source, asked, now);
  if (answer === undefined || !answer.ok) return answer?.error ?? 'the source gave no answer';
  return new Map(answer.series.map((one) => [labelsKey(withLabels(one, rule)), one]));
}

/** Commits together: what was accepted, its audit log entry, and a note on each incident. */
async function commitAccepted(
  ports: Ports,
  records: readonly Omit<AcceptedBaseline, 'version'>[],
  alerts: readonly Alert[],
  now: number,
): Promise<AcceptedBaseline[]> {
  let accepted: AcceptedBaseline[] = [];
  await commitOrRetry(ports, async () => {
    const before = await ports.store.acceptedBaselines(records.map(({ fingerprint }) => fingerprint));
    accepted = records.map((one, i) => ({ ...one, version: (before[i]?.version ?? 0) + 1 }));
    const entry = acceptedEntry(accepted);
    const ids = [...new Set(alerts.flatMap(({ joined }) => joined?.incidentId ?? []))];
    const told = [];
    for (const id of ids) {
      const incident = await ports.store.incident(id);
      if (incident === undefined || incident.status === 'resolved') continue;
      const draft = draftOf(incident, ports.config, now);
      draft.note('accepted', entry.text, { actor: entry.actor });
      told.push(await commitOf(ports, draft.finish()));
    }
    return {
      commit: {
        writes: [
          ...accepted.map((value) => ({ kind: 'accepted baseline' as const, value, expected: value.version - 1 })),
          ...told.flatMap(({ writes }) => writes),
        ],
        timeline: told.flatMap(({ timeline }) => timeline),
        audit: [entry],
        effects: told.flatMap(({ effects }) => effects),
        done: [],
      },
      result: undefined,
    };
  });
  return accepted;
}

async function endAlerts(
  ports: Ports,
  accepted: readonly AcceptedBaseline[],
  known: readonly Alert[],
  now: number,
): Promise<void> {
  const by = new Map<Fingerprint, AcceptedBaseline>(accepted.map((one) => [one.fingerprint, one]));
  const changes = known.flatMap((before) => {
    const one = by.get(before.fingerprint);
    if (one === undefined) return [];
    const retired = `${one.by} accepted its current distribution as its normal: ${one.comment}`;
    return changeOf({ before, retired }, now) ?? [];
  });
  await commitMuted(ports, changes, known, await ports.store.silences(now), now);
}
