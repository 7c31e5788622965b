import type { Alert } from '../core/alerts/alert.ts';
import { muteReason } from '../core/alerts/mute.ts';
import { type AlertSubject, nextAlert } from '../core/alerts/next-alert.ts';
import type { Rule, SourceConfig } from '../core/config/schema.ts';
import { type AlertChange, onAlerts } from '../core/incidents/on-alerts.ts';
import { judge, rangeNeeded } from '../core/rules/judge.ts';
import type { Series, Verdict } from '../core/rules/verdict.ts';
import { labelsKey } from '../core/samples/summary.ts';
import { alertWrite, commitOf, commitOrRetry } from './commit.ts';
import type { Ports, SourceRequest, SourceResult, Write } from './ports.ts';

/** Alerts of one group that are decided in one commit; a DynamoDB transaction takes 100 actions. */
const alertsPerCommit = 20;
/** A source that has not answered by then has failed this tick, and holds up no other. */
const sourceTimeoutMs = 25_000;

export type EvaluateReport = {
  rules: number;
  series: number;
  verdicts: Record<Verdict['status'], number>;
  changes: number;
  errors: { rule: string; error: string }[];
};

type Due = { id: string; rule: Rule; request: SourceRequest };
type Change = AlertChange & { subject: AlertSubject; verdict: Verdict | undefined };

/** One tick: queries what every due rule needs, judges, and commits what changed, a group at a time. */
export async function evaluate(ports: Ports, now: number): Promise<EvaluateReport> {
  const { config, store } = ports;
  const report: EvaluateReport = { rules: 0, series: 0, verdicts: { ok: 0, warn: 0, critical: 0, 'no data': 0, error: 0 }, changes: 0, errors: [] };
  const last = Number((await store.meta('tick')) ?? Number.NaN);
  const due = dueRules(config.rules, last, now);
  report.rules = due.length;
  const [alerts, silences, answers] = await Promise.all([store.alerts(), store.silences(now), querySources(ports, due, now)]);

  const known = new Map<string, Map<string, Alert>>();
  for (const alert of alerts) {
    const ofRule = mapOf(known, alert.aboutRule ? `${alert.ruleId}#source` : alert.ruleId);
    ofRule.set(labelsKey(alert.labels), alert);
  }

  const changes = new Map<string, Change>();
  const put = (before: Alert | undefined, verdict: Verdict, subject: AlertSubject): void => {
    const step = nextAlert(before, verdict, subject);
    if (step.change === undefined) return;
    const after = step.alert ?? (before === undefined ? undefined : { ...before, state: 'resolved' as const, excluded: [] });
    if (after !== undefined) changes.set(after.fingerprint, { before, after, change: step.change, subject, verdict });
  };

  for (const [index, { id, rule, request }] of due.entries()) {
    const answer = answers[index] ?? { ok: false, error: 'the source gave no answer' };
    const source = config.sources[rule.source];
    judgeRule(ports, { id, rule, source, request, answer, now, report, known, put });
  }
  remute(alerts, changes, ports, silences, now);

  report.changes = changes.size;
  const groups = new Map<string, Change[]>();
  for (const change of changes.values()) {
    const key = change.after.groupKey;
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [change]);
    else list.push(change);
  }
  const lookup = { silences, firing: firingAfter(alerts, changes) };
  for (const [groupKey, list] of groups) {
    // Critical ones first: a group that opens as warn only to be raised in the same tick would page twice.
    list.sort((a, b) => Number(b.after.severity === 'critical') - Number(a.after.severity === 'critical'));
    for (let start = 0; start < list.length; start += alertsPerCommit) {
      try {
        await commitGroup(ports, groupKey, list.slice(start, start + alertsPerCommit), lookup, now);
      } catch (error) {
        // Nothing is lost: the alerts are as they were, and the next tick judges and decides again.
        report.errors.push({ rule: list[start]?.after.ruleId ?? '', error: String(error) });
        ports.log('error', 'a group could not be committed', { group: groupKey, error: String(error) });
      }
    }
  }
  if (report.errors.length === 0 || due.length > 0) await store.setMeta('tick', String(Math.max(now, Number.isNaN(last) ? now : last)));
  return report;
}

/** Rules whose evaluation time lies in (last, now]; all of them on the first tick. A clock that stepped back evaluates none twice. */
function dueRules(rules: Record<string, Rule>, last: number, now: number): Due[] {
  const due: Due[] = [];
  for (const [id, rule] of Object.entries(rules)) {
    const every = rule.every ?? rule.step;
    if (!Number.isNaN(last) && Math.floor(now / every) <= Math.floor(last / every)) continue;
    const to = Math.floor(now / rule.step) * rule.step;
    due.push({ id, rule, request: { ruleId: id, rule, from: to - rangeNeeded(rule), to } });
  }
  return due;
}

/** When the next rule is due after `last`; for clocks that jump. */
export function nextEvaluationAt(rules: Record<string, Rule>, last: number): number | undefined {
  let next: number | undefined;
  for (const rule of Object.values(rules)) {
    const every = rule.every ?? rule.step;
    const at = (Math.floor(last / every) + 1) * every;
    if (next === undefined || at < next) next = at;
  }
  return next;
}

/** One call a source, all side by side, in the order of `due`. */
async function querySources(ports: Ports, due: readonly Due[], now: number): Promise<SourceResult[]> {
  const results: SourceResult[] = new Array(due.length);
  const bySource = new Map<string, number[]>();
  for (const [index, { rule }] of due.entries()) {
    const list = bySource.get(rule.source);
    if (list === undefined) bySource.set(rule.source, [index]);
    else list.push(index);
  }
  await Promise.all(
    [...bySource].map(async ([name, indexes]) => {
      const source = ports.config.sources[name];
      const fail = (error: string): void => {
        for (const index of indexes) results[index] = { ok: false, error };
      };
      if (source === undefined) return fail(`the source ${name} is not in the config`);
      try {
        const requests = indexes.map((index) => (due[index] as Due).request);
        const answers = await withTimeout(ports.sources[source.kind].query(name, source, requests, now), sourceTimeoutMs, `the source ${name} did not answer within ${sourceTimeoutMs / 1000}s`);
        for (const [place, index] of indexes.entries()) results[index] = answers[place] ?? { ok: false, error: `the source ${name} gave no answer` };
      } catch (error) {
        fail(error instanceof Error ? error.message : String(error));
      }
    }),
  );
  return results;
}

async function withTimeout<T>(work: Promise<T>, ms: number, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), ms);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

type RuleTurn = {
  id: string;
  rule: Rule;
  source: SourceConfig | undefined;
  request: SourceRequest;
  answer: SourceResult;
  now: number;
  report: EvaluateReport;
  known: Map<string, Map<string, Alert>>;
  put: (before: Alert | undefined, verdict: Verdict, subject: AlertSubject) => void;
};

function judgeRule(ports: Ports, turn: RuleTurn): void {
  const { id, rule, answer, now, report, known, put } = turn;
  const groupBy = ports.config.settings.groupBy;
  const about: AlertSubject = { ruleId: id, rule, labels: { ...turn.source?.labels, ...modelLabel(turn.source), ...rule.labels }, category: 'pipeline', groupBy, aboutRule: true };
  const aboutAlert = known.get(`${id}#source`)?.get(labelsKey(about.labels));
  if (!answer.ok) {
    report.verdicts.error += 1;
    report.errors.push({ rule: id, error: answer.error });
    put(aboutAlert, { status: 'error', at: now, reason: `the source ${rule.source} fails: ${answer.error}`, judged: false }, about);
    return;
  }
  const tooMany = answer.series.length > rule.maxSeries;
  const series = tooMany ? answer.series.toSorted((a, b) => (labelsKey(a.labels) < labelsKey(b.labels) ? -1 : 1)).slice(0, rule.maxSeries) : answer.series;
  if (tooMany) {
    const error = `the query gives ${answer.series.length} series, more than maxSeries ${rule.maxSeries}; the rest is not judged: narrow the query or raise maxSeries`;
    report.errors.push({ rule: id, error });
    put(aboutAlert, { status: 'error', at: now, reason: error, judged: false }, about);
  } else if (aboutAlert !== undefined) {
    put(aboutAlert, { status: 'ok', at: now, reason: `the source ${rule.source} answers again`, judged: true }, about);
  }
  const alerts = known.get(id);
  const seen = new Set<string>();
  for (const one of series) {
    report.series += 1;
    const labels = withLabels(one, rule);
    const key = alerts === undefined ? '' : labelsKey(labels);
    const before = alerts?.get(key);
    if (before !== undefined) seen.add(key);
    const verdict = judgeSeries(rule, one, before, turn);
    report.verdicts[verdict.status] += 1;
    if (before === undefined && verdict.status === 'ok' && !verdict.breaching) continue;
    put(before, verdict, { ruleId: id, rule, labels, category: rule.category, groupBy });
  }
  // Series that have an alert and are not in the answer, and a rule whose query found nothing at all.
  for (const [key, before] of alerts ?? []) {
    if (seen.has(key)) continue;
    report.verdicts['no data'] += 1;
    put(before, noData(rule, now), { ruleId: id, rule, labels: before.labels, category: rule.category, groupBy });
  }
  if (series.length === 0 && rule.noData === 'alert' && (alerts === undefined || alerts.size === 0)) {
    report.verdicts['no data'] += 1;
    put(undefined, noData(rule, now), { ruleId: id, rule, labels: about.labels, category: rule.category, groupBy });
  }
}

const noData = (rule: Rule, now: number): Verdict => ({ status: 'no data', at: now, reason: `no data from ${rule.source}`, judged: false });

/** Without series there is still a model to name. */
function modelLabel(source: SourceConfig | undefined): Record<string, string> {
  return source?.kind === 'predictions' ? { model: source.model } : {};
}

function withLabels(series: Series, rule: Rule): Record<string, string> {
  for (const _ in rule.labels) return { ...series.labels, ...rule.labels };
  return series.labels;
}

function judgeSeries(rule: Rule, series: Series, before: Alert | undefined, turn: RuleTurn): Verdict {
  const active = before !== undefined && (before.state === 'firing' || before.state === 'recovering') ? before : undefined;
  return judge(rule, series.points, {
    now: turn.now,
    to: turn.request.to,
    current: active?.severity,
    frozen: active?.baseline,
    excluded: before?.excluded,
  });
}

/** Firing alerts whose reason to be muted began or ended, whether or not their rule was due. */
function remute(alerts: readonly Alert[], changes: Map<string, Change>, ports: Ports, silences: Parameters<typeof muteReason>[1]['silences'], now: number): void {
  const rules = { silences, muteTimings: ports.config.muteTimings, inhibitions: ports.config.inhibitions };
  const firing = firingAfter(alerts, changes);
  for (const alert of firing) {
    const muted = muteReason(alert, rules, firing, now);
    const pending = changes.get(alert.fingerprint);
    if (pending !== undefined) {
      pending.after = { ...pending.after, muted };
    } else if (muted !== alert.muted) {
      const rule = ports.config.rules[alert.ruleId];
      if (rule === undefined) continue;
      const subject: AlertSubject = { ruleId: alert.ruleId, rule, labels: alert.labels, category: alert.category, groupBy: ports.config.settings.groupBy, aboutRule: alert.aboutRule };
      changes.set(alert.fingerprint, { before: alert, after: { ...alert, muted }, change: muted === undefined ? 'unmuted' : 'muted', subject, verdict: undefined });
    }
  }
}

function firingAfter(alerts: readonly Alert[], changes: Map<string, Change>): Alert[] {
  const firing = (alert: Alert): boolean => alert.state === 'firing' || alert.state === 'recovering';
  const unchanged = alerts.filter((alert) => !changes.has(alert.fingerprint) && firing(alert));
  return [...unchanged, ...[...changes.values()].map(({ after }) => after).filter(firing)];
}

type Lookup = { silences: Parameters<typeof muteReason>[1]['silences']; firing: readonly Alert[] };

/** Commits some changed alerts of one group with what they mean for its incident; decided again when a race is lost. */
async function commitGroup(ports: Ports, groupKey: string, changes: readonly Change[], lookup: Lookup, now: number): Promise<void> {
  let fresh: readonly Change[] = changes;
  let tries = 0;
  await commitOrRetry(ports, async () => {
    if (tries++ > 0) fresh = await reload(ports, changes, lookup, now);
    if (fresh.length === 0) return undefined;
    const latest = await ports.store.incidentOfGroup(groupKey);
    const decision = onAlerts(latest, fresh, ports.config, now);
    const joined = new Map(decision?.alerts.map((alert) => [alert.fingerprint, alert]));
    const writes: Write[] = [];
    for (const { before, after } of fresh) {
      const write = alertWrite(joined.get(after.fingerprint) ?? after, before?.version ?? 0);
      if (write !== undefined) writes.push(write);
    }
    if (decision === undefined) {
      return writes.length === 0 ? undefined : { commit: { writes, timeline: [], effects: [], done: [] }, result: undefined };
    }
    return { commit: await commitOf(ports, decision, { writes }), result: undefined };
  });
}

/** The same verdicts on the alerts as another evaluation left them meanwhile. */
async function reload(ports: Ports, changes: readonly Change[], lookup: Lookup, now: number): Promise<Change[]> {
  const rules = { silences: lookup.silences, muteTimings: ports.config.muteTimings, inhibitions: ports.config.inhibitions };
  const fresh: Change[] = [];
  for (const change of changes) {
    const before = await ports.store.alert(change.after.fingerprint);
    if (change.verdict === undefined) {
      if (before !== undefined && before.muted !== change.after.muted) fresh.push({ ...change, before, after: { ...before, muted: change.after.muted } });
      continue;
    }
    const step = nextAlert(before, change.verdict, change.subject);
    const after = step.alert ?? (before === undefined ? undefined : { ...before, state: 'resolved' as const, excluded: [] });
    if (step.change === undefined || after === undefined) continue;
    const muted = after.state === 'firing' || after.state === 'recovering' ? muteReason(after, rules, lookup.firing, now) : undefined;
    fresh.push({ ...change, before, after: { ...after, muted }, change: step.change });
  }
  return fresh;
}

function mapOf<K, V>(maps: Map<string, Map<K, V>>, key: string): Map<K, V> {
  let map = maps.get(key);
  if (map === undefined) {
    map = new Map();
    maps.set(key, map);
  }
  return map;
}
