import type { Alert } from '../../core/alerting/alerts/alert.ts';
import type { Silence } from '../../core/alerting/silences/silence.ts';
import type { Config } from '../../core/config/schema.ts';
import { restsOnOthers } from '../../core/detection/resting-order.ts';
import { isResting } from '../../core/detection/rules/rule-schema.ts';
import { sourcesOf } from '../../core/telemetry/sources/sources-of.ts';
import { areCoupled } from '../correlation-context.ts';
import { followVersions } from '../ingest/serve.ts';
import type { Ports } from '../ports/ports.ts';
import { endedWithin } from '../with-timeout.ts';
import type { DueRule } from './ask-source.ts';
import { commitAnswers, type EvaluateReport, type Moment } from './commit-answers.ts';
import { dueRules } from './due-rules.ts';
import { externalEnds } from './external-ends.ts';
import { sourceTimeoutMs } from './in-flight-queries.ts';
import { type Judged, type KnownAlerts, knownAlerts } from './known-alerts.ts';
import { lastTicks } from './last-ticks.ts';
import { type Answer, takeTurn } from './source-turn.ts';

export type { EvaluateReport };

export type EvaluateOptions = {
  /**
   * For how long sources that have answered wait for the others, so that their alerts mute each other and make up incidents together;
   * `for all` waits until each has answered or failed, so that nothing depends on how fast they are.
   */
  together?: number | 'for all';
  /** The time at which what comes late is decided; that of the evaluation when left out. */
  clock?: () => number;
};

/** What has been committed in time is in `report`; once `rest` has ended, also what came late. */
export type Evaluation = { report: EvaluateReport; rest: Promise<void> | undefined };

/** Sources beside each other in one tick answer well within this; one that does not is judged when it does. */
const togetherMs = 500;
/** The same where alerts of one source may mute those of another, or a composite rule may rest on both. */
const coupledTogetherMs = 3000;

/** One tick to its end: everything is committed, also what came late. A source that hangs takes it 25 s. */
export async function evaluate(ports: Ports, now: number, options: EvaluateOptions = {}): Promise<EvaluateReport> {
  const { report, rest } = await evaluateInTime(ports, now, options);
  await rest;
  return report;
}

/**
 * One tick: asks each source for what its due rules need, judges, and commits what changed, a group at a time. What is answered
 * in time is committed together; a source that comes later, by itself. Until then the ticks that follow leave its rules to
 * this one, and once it has not answered for 25 s they fail, without asking it again. The tick of a source counts as done only when
 * everything was committed; otherwise the next one judges its rules again, however seldom they are due.
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
        // What others have decided meanwhile counts: it may be half a minute.
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
    changes: externalEnds(alerts, config.sources, now),
    at: now,
    late: false,
  }));
  return { report, rest: asked.open.size > 0 || asked.answered.length > 0 ? rest() : undefined };
}

/** The sources that were asked: those that have not answered yet, and answers that wait to be committed. */
type Asked = { open: Map<string, Promise<void>>; answered: Answer[]; abandoned: boolean };

/** Asks each source for what its due rules need. */
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
    const answering = takeTurn(ports, question).then((answer) => {
      asked.open.delete(source);
      if (asked.abandoned) answer.end();
      else asked.answered.push(answer);
    });
    asked.open.set(source, answering);
  }
  return asked;
}

/** Commits what has been answered so far. Whatever becomes of it, the sources that have answered may be asked again afterwards. */
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
 * Whether an alert that nothing has changed about may have to be muted, or may be what a composite rule rests on; else only those matter
 * that are muted already.
 */
const anyMayMatter = (config: Config, silences: readonly Silence[]): boolean =>
  silences.length > 0 ||
  Object.keys(config.muteTimings).length > 0 ||
  areCoupled(config) ||
  Object.values(config.rules).some(restsOnOthers);

const alertSources = (config: Config): Set<string> => new Set(sourcesOf(config, 'alerts').map(({ name }) => name));

/** Undefined: as long as it takes. */
function waitingTime(config: Config, { together }: EvaluateOptions): number | undefined {
  if (together === 'for all') return undefined;
  const coupled = areCoupled(config) || Object.values(config.rules).some(isResting);
  return together ?? (coupled ? coupledTogetherMs : togetherMs);
}

/** Alerts whose rule is gone from the config: nothing would ever end them. */
function orphans(alerts: readonly Alert[], rules: Config['rules']): Judged[] {
  return alerts
    .filter(({ ruleId, external }) => external === undefined && !Object.hasOwn(rules, ruleId))
    .map((before) => ({
      before,
      retired:
        before.tenant !== undefined
          ? `the check by ${before.tenant} is over`
          : `the rule ${before.ruleId} is no longer in the config`,
    }));
}
