import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { kindOf } from '../../core/alerting/alerts/kinds/table.ts';
import type { Silence } from '../../core/alerting/silences/silence.ts';
import type { Config } from '../../core/config/schema.ts';
import { restsOnOthers } from '../../core/detection/resting-order.ts';
import { isResting } from '../../core/detection/rules/rule-schema.ts';
import { sourcesOf } from '../../core/telemetry/sources/sources-of.ts';
import type { Change } from '../commit-alerts.ts';
import { areCoupled } from '../correlation-context.ts';
import { followVersions } from '../ingest/serve.ts';
import type { Ports } from '../ports/ports.ts';
import { endedWithin } from '../with-timeout.ts';
import type { DueRule } from './ask-source.ts';
import { commitAnswers, type EvaluateReport, type Moment } from './commit-answers.ts';
import { dueRules } from './due-rules.ts';
import { externalEnds } from './external-ends.ts';
import { heartbeatChanges } from './heartbeats.ts';
import { sourceTimeoutMs } from './in-flight-queries.ts';
import { type Answer, judgeSource } from './judge-source.ts';
import { type Judged, type KnownAlerts, knownAlerts } from './known-alerts.ts';
import { lastTicks } from './last-ticks.ts';
import { noteListening } from './listening-since.ts';
import { registryChanges } from './registries.ts';
import { watchdogChanges, watchedSources } from './watchdogs.ts';

export type { EvaluateReport };

export type EvaluateOptions = {
  /**
   * How long fast sources wait for others, so that their alerts can mute each other and share
   * incidents; `for all` waits for every source, so that speed does not matter.
   */
  together?: number | 'for all';
  /** The time at which late answers are decided; by default the evaluation's. */
  clock?: () => number;
};

/** `report` covers what was committed in time; after `rest`, also late answers. */
export type Evaluation = { report: EvaluateReport; rest: Promise<void> | undefined };

/** Sources of one tick answer well within this; a slower one is judged when it answers. */
const togetherMs = 500;
/**
 * The same if alerts of one source may mute those of another, or if a composite may depend on both.
 */
const coupledTogetherMs = 3000;

/** A whole tick, including late answers. A hanging source takes 25 s. */
export async function evaluate(ports: Ports, now: number, options: EvaluateOptions = {}): Promise<EvaluateReport> {
  const { report, rest } = await evaluateInTime(ports, now, options);
  await rest;
  return report;
}

/**
 * One tick: queries each source for its due rules, judges, and commits changes group by group.
 * Answers in time are committed together, later ones separately. Until a late source answers, later
 * ticks leave its rules alone; after 25 s these fail without another query. A source's tick counts
 * as done only if everything was committed; otherwise the next tick judges its rules again, however
 * rarely they are due.
 */
export async function evaluateInTime(given: Ports, now: number, options: EvaluateOptions = {}): Promise<Evaluation> {
  const ports = given.judgedConfig === undefined ? given : { ...given, config: await given.judgedConfig(given, now) };
  const { config, store } = ports;
  const { clock = () => now } = options;
  const report: EvaluateReport = {
    rules: 0,
    series: 0,
    verdicts: { ok: 0, warn: 0, critical: 0, 'insufficient evidence': 0, 'no data': 0, error: 0 },
    changes: 0,
    errors: [],
  };
  const underWay = ports.inFlight.queries;
  const [ticks, silences] = await Promise.all([lastTicks(ports, now), store.silences(now)]);
  const sources = Object.keys(config.sources);
  const isWhole = anyMayMatter(config, silences);
  const alerts = await (isWhole ? store.alerts() : store.timeSensitiveAlerts({ now, sources: alertSources(config) }));
  const known = knownAlerts(alerts);
  const askedSince = new Map(sources.map((source) => [source, underWay.since(source, now)]));
  const isBusy = (source: string): boolean => now - (askedSince.get(source) ?? Number.NEGATIVE_INFINITY) < sourceTimeoutMs;
  const due = dueRules(ports, { known, last: ticks.of, isBusy, now });
  await followVersions(ports, due, now);
  report.rules = due.filter(({ id }) => config.tenantRules?.[id] === undefined).length;

  const waitMs = waitingTime(config, options);
  const asked = askAll(ports, due, { known, now, askedSince, waitMs });
  const commit = (moment: () => Promise<Moment>): Promise<void> =>
    commitAnswered(asked, async (answers) => commitAnswers(ports, answers, await moment(), { report, ticks }));
  const rest = async (): Promise<void> => {
    while (asked.open.size > 0 || asked.answered.length > 0) {
      if (asked.answered.length === 0) await Promise.race(asked.open.values());
      await commit(async () => {
        // It may be half a minute later, so use others' current decisions.
        const at = Math.max(now, clock());
        const [later, silenced] = await Promise.all([store.alerts(), store.silences(at)]);
        return { alerts: later, isWhole: true, silences: silenced, found: [], changes: [], at, late: true };
      });
    }
  };

  const prompt = [...asked.open].filter(([source]) => waitMs === undefined || underWay.isPrompt(source));
  await endedWithin(
    prompt.map(([, turn]) => turn),
    waitMs,
  );
  await commit(async () => ({
    alerts,
    isWhole,
    silences,
    found: orphans(alerts, config.rules),
    changes: await changesByTime(ports, alerts, now),
    at: now,
    late: false,
  }));
  return { report, rest: asked.open.size > 0 || asked.answered.length > 0 ? rest() : undefined };
}

/** What happens by time, whichever rules are due. */
async function changesByTime(ports: Ports, alerts: readonly Alert[], now: number): Promise<Change[]> {
  const { sources, heartbeats } = ports.config;
  const isListening = watchedSources({ sources }).length + Object.keys(heartbeats).length > 0;
  const listensSince = isListening ? await noteListening(ports, now) : now;
  return [
    ...externalEnds(alerts, sources, now),
    ...watchdogChanges(ports, alerts, { now, listensSince }),
    ...(await heartbeatChanges(ports, alerts, { now, listensSince })),
    ...(await registryChanges(ports, alerts, now)),
  ];
}

/** The queried sources: unanswered ones, and answers waiting for commit. */
type Asked = { open: Map<string, Promise<void>>; answered: Answer[]; abandoned: boolean };

/** Queries each source for its due rules. */
function askAll(
  ports: Ports,
  due: readonly DueRule[],
  turn: { known: KnownAlerts; now: number; askedSince: ReadonlyMap<string, number | undefined>; waitMs: number | undefined },
): Asked {
  const { known, now, askedSince, waitMs } = turn;
  const asked: Asked = { open: new Map(), answered: [], abandoned: false };
  const rules = due.map((one, place) => ({ place, due: one }));
  for (const [source, own] of Map.groupBy(rules, (one) => one.due.rule.source)) {
    const question = { source, rules: own, known, now, hangsSince: askedSince.get(source), promptMs: waitMs };
    const answering = judgeSource(ports, question).then((answer) => {
      asked.open.delete(source);
      if (asked.abandoned) answer.end();
      else asked.answered.push(answer);
    });
    asked.open.set(source, answering);
  }
  return asked;
}

/** Commits the answers so far. Whatever happens, their sources may be queried again afterwards. */
async function commitAnswered(asked: Asked, commit: (answers: readonly Answer[]) => Promise<void>): Promise<void> {
  const answers = asked.answered.splice(0);
  try {
    await commit(answers);
  } catch (error) {
    asked.abandoned = true;
    for (const { end } of asked.answered.splice(0)) end();
    throw error;
  } finally {
    for (const { end } of answers) end();
  }
}

/**
 * Whether an unchanged alert may have to be muted, or a composite may depend on it. Otherwise only
 * alerts that are already muted matter.
 */
const anyMayMatter = (config: Config, silences: readonly Silence[]): boolean =>
  silences.length > 0 ||
  Object.keys(config.muteTimings).length > 0 ||
  areCoupled(config) ||
  Object.values(config.rules).some(restsOnOthers);

const alertSources = (config: Config): Set<string> => new Set(sourcesOf(config, 'alerts').map(({ name }) => name));

/** Undefined: no limit. */
function waitingTime(config: Config, { together }: EvaluateOptions): number | undefined {
  if (together === 'for all') return undefined;
  const coupled = areCoupled(config) || Object.values(config.rules).some(isResting);
  return together ?? (coupled ? coupledTogetherMs : togetherMs);
}

/** Alerts whose rule left the config. Nothing else would end them. */
function orphans(alerts: readonly Alert[], rules: Config['rules']): Judged[] {
  return alerts
    .filter((alert) => !Object.hasOwn(rules, alert.ruleId) && kindOf(alert).endsWithRule)
    .map((before) => ({
      before,
      retired:
        before.tenant !== undefined
          ? `the check by ${before.tenant} is over`
          : `the rule ${before.ruleId} is no longer in the config`,
    }));
}
