import { type Alert, isActive } from '../../alerting/alerts/alert.ts';
import { kindOf } from '../../alerting/alerts/kinds/table.ts';
import type { Judgement } from '../../alerting/judgements/judgement.ts';
import type { Config } from '../../config/schema.ts';
import { nobodyText, type RouteAnswer, type RouteTarget, route, routeOfAlert } from '../../dry-run/route.ts';
import type { Incident } from '../../response/incidents/incident.ts';
import { calls } from '../../response/incidents/info-only.ts';
import type { TimelineEntry } from '../../response/incidents/timeline.ts';
import { counted } from '../../vocabulary/counted.ts';
import { describeLabels, formatUtc, formatValue } from '../../vocabulary/format.ts';
import type { RuleId } from '../../vocabulary/ids.ts';
import { isPaging } from '../../vocabulary/severity.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import { incidentSteps, pagedFirst } from './incident-steps.ts';
import type { RuleState } from './rule-state.ts';
import { passed, stopped, type Why, type WhyStep, waits, whySteps } from './why-step.ts';

/** What is known of a rule: noted by its evaluations, and stored. */
export type RuleKnown = {
  rule: RuleId;
  /** Absent for the alerts of another system, which judges them. */
  state?: RuleState | undefined;
  judgement?: Judgement | undefined;
  /** All its alerts that are stored. */
  alerts: readonly Alert[];
  /** The incidents of its active alerts, or else its latest one, with their timelines. */
  incidents: readonly { incident: Incident; timeline: readonly TimelineEntry[] }[];
  /** What is odd about its metric, beside what its source has seen. */
  unseen?: string | undefined;
  /** Of a heartbeat of the config: how it is. */
  heartbeat?: string | undefined;
};

/** Lists of details are for people. */
const maxDetails = 20;

/**
 * Why nobody is paged about a rule, step by step: source, data, verdict, alert, muting, incident,
 * who is called, and what became of the pages. The first step that stops it is the answer.
 */
export function whyNoPage(config: Config, known: RuleKnown, now: number): Why {
  const rule = Object.hasOwn(config.rules, known.rule) ? config.rules[known.rule] : undefined;
  const steps: WhyStep[] = [];
  if (rule === undefined) steps.push(passed('rule', otherText(known)));
  else {
    const source = 'source' in rule ? `, on the source ${rule.source}` : '';
    steps.push(passed('rule', `${known.rule} is a rule of kind ${rule.kind}${source}`));
    if (known.state !== undefined) steps.push(...judgingSteps(known, known.state));
  }
  steps.push(...alertSteps(known, rule !== undefined));
  const active = known.alerts.filter(isActive);
  steps.push(routingStep(config, known, now));
  steps.push(...incidentSteps(known.incidents, active, now));
  const ordered = steps.toSorted((a, b) => whySteps.indexOf(a.step) - whySteps.indexOf(b.step));
  const first = ordered.find(({ outcome }) => outcome === 'stopped' || outcome === 'waits');
  const last = ordered.findLast(({ outcome }) => outcome === 'passed');
  const paged = known.incidents.map(({ timeline }) => pagedFirst(known.rule, timeline)).find((one) => one !== undefined);
  const stop = first?.text ?? last?.text ?? '';
  const isOver = first !== undefined && paged !== undefined;
  return {
    rule: known.rule,
    answer: isOver ? `paged at ${formatUtc(paged.at)}: ${paged.text}; no more pages: ${stop}` : stop,
    ...(first === undefined ? {} : { stoppedAt: first.step }),
    ...(paged === undefined ? {} : { pagedAt: paged.at }),
    steps: ordered,
  };
}

/**
 * What has a name that is no rule of the config. A watchdog may share one with an alert of its
 * source.
 */
function otherText({ rule, alerts, heartbeat }: RuleKnown): string {
  if (heartbeat !== undefined) return `${rule} is a job that reports its runs`;
  return [...new Set(alerts.map((one) => kindOf(one).saysWhat(one)))].join('; ');
}

function judgingSteps({ judgement, unseen }: RuleKnown, state: RuleState): WhyStep[] {
  const { trouble, judgedAt, nextAt, warmUntil } = state;
  const next = nextAt === undefined ? '' : `; next at ${formatUtc(nextAt)}`;
  if (judgedAt === undefined)
    return [
      waits('source', 'no evaluation has run yet; a running service evaluates every minute; tocsin status says whether one runs'),
    ];
  if (state.state === 'starting') return [waits('source', `it has not been evaluated yet${next}`)];
  const steps: WhyStep[] = [];
  const since = trouble === undefined ? '' : `, since ${formatUtc(trouble.since)}`;
  const asked = passed('source', `last asked at ${formatUtc(judgedAt)}${next}`);
  switch (trouble?.kind) {
    case 'source fails':
      return [stopped('source', `${trouble.text}${since}${next}`)];
    case 'no data yet':
    case 'no data':
      return [
        asked,
        stopped('data', `${trouble.text}${unseen === undefined ? '' : ` (${unseen})`}${since}${next}`, detailsOf(judgement)),
      ];
    case 'baseline refused': {
      const warm = warmUntil === undefined ? '' : `; warming up until about ${formatUtc(warmUntil)}, if values keep coming`;
      return [
        asked,
        passed('data', dataText(judgement)),
        stopped('judged', `${trouble.text}${since}${warm}`, detailsOf(judgement)),
      ];
    }
    case 'insufficient evidence':
    case 'nothing judged':
      return [
        asked,
        passed('data', dataText(judgement)),
        stopped('judged', `${trouble.text}${since}${next}`, detailsOf(judgement)),
      ];
    case 'partial answer':
    case 'series cut':
    case undefined:
      steps.push(asked, passed('data', dataText(judgement)));
  }
  const part = trouble === undefined ? [] : [`only in part: ${trouble.text}${since}`];
  steps.push(judgedStep(judgement, part, next));
  return steps;
}

function judgedStep(judgement: Judgement | undefined, part: string[], next: string): WhyStep {
  if (judgement === undefined) return passed('judged', 'it was judged; what it found has not been noted', part);
  const { verdicts, at } = judgement;
  const found = Object.entries(verdicts).filter(([, count]) => count > 0);
  const text = `${found.map(([status, count]) => `${count} ${status}`).join(', ') || 'nothing to judge'} at ${formatUtc(at)}`;
  const details = [...part, ...detailsOf(judgement)];
  const isWell =
    verdicts.warn + verdicts.critical + verdicts['no data'] === 0 && judgement.shown.every(({ status }) => status === 'ok');
  return isWell ? stopped('judged', `all is well: ${text}${next}`, details) : passed('judged', text, details);
}

const dataText = (judgement: Judgement | undefined): string => {
  if (judgement === undefined) return 'its series have not been noted';
  const newest = Math.max(...judgement.shown.map(({ found }) => found?.pointAt ?? Number.NEGATIVE_INFINITY));
  return `${counted(judgement.series, 'series', 'series')}${Number.isFinite(newest) ? `, the newest point of ${formatUtc(newest)}` : ''}`;
};

/** One line a series: what it showed last, with its time, and why it was not judged since. */
function detailsOf(judgement: Judgement | undefined): string[] {
  return (judgement?.shown ?? []).slice(0, maxDetails).map(({ labels, status, found, unjudged }) => {
    const value = found?.value === undefined ? '' : `${formatValue(found.value)}, `;
    const last = found === undefined ? '' : `: ${value}${found.reason} (as of ${formatUtc(found.at)})`;
    const silent = unjudged === undefined ? '' : `; not judged since ${formatUtc(unjudged.since)}: ${unjudged.reason}`;
    return `{${describeLabels(labels)}} ${status}${last}${silent}`;
  });
}

function alertSteps({ rule, alerts, state, heartbeat }: RuleKnown, isOurs: boolean): WhyStep[] {
  const active = alerts.filter(isActive);
  const line = ({ labels, severity, state: is, since, reason }: Alert): string =>
    `{${describeLabels(labels)}} ${is}, ${severity} since ${formatUtc(since)}: ${reason}`;
  if (active.length === 0) {
    const pending = alerts.filter((one) => one.state === 'pending');
    const next = state?.nextAt === undefined ? '' : `; next look at ${formatUtc(state.nextAt)}`;
    if (pending.length > 0)
      return [
        waits(
          'alert',
          `${counted(pending.length, 'alert')} pending: its breach has not lasted long enough to fire${next}`,
          pending.slice(0, maxDetails).map(line),
        ),
      ];
    const ended = alerts
      .filter((one) => one.resolvedAt !== undefined)
      .toSorted((a, b) => (b.resolvedAt ?? 0) - (a.resolvedAt ?? 0))[0];
    const last = ended === undefined ? '' : `; the last one ended at ${formatUtc(ended.resolvedAt ?? 0)}`;
    if (heartbeat !== undefined) return [stopped('alert', `nothing is wrong with it: ${heartbeat}${last}`)];
    const quiet = alerts.map((one) => kindOf(one).saysWhyQuiet(one)).find((text) => text !== undefined);
    if (quiet !== undefined) return [stopped('alert', `${quiet}${last}`)];
    return [stopped('alert', isOurs ? `no alert fires${last}` : `no alert of ${rule} is known to fire${last}`)];
  }
  const text = `${counted(active.length, 'alert')} firing`;
  const lines = active.slice(0, maxDetails).map(line);
  if (!active.some(({ severity }) => isPaging(severity)))
    return [stopped('alert', `${text}, of severity info, which is recorded and shown, and pages nobody`, lines)];
  return [passed('alert', text, lines), mutingStep(active)];
}

/** What mutes the alerts that would page. */
function mutingStep(active: readonly Alert[]): WhyStep {
  const muted = active.filter((one) => one.muted !== undefined);
  const details = muted.slice(0, maxDetails).map((one) => `{${describeLabels(one.labels)}} ${one.muted?.by}: ${one.muted?.text}`);
  const wouldPage = active.filter(({ severity }) => isPaging(severity));
  if (wouldPage.some((one) => one.muted === undefined))
    return passed(
      'muting',
      muted.length === 0 ? 'nothing mutes it' : `${muted.length} of ${active.length} alerts are muted`,
      details,
    );
  const [first] = wouldPage;
  const { by, text } = first?.muted ?? {};
  return stopped('muting', by === 'route' ? `${text}` : `every alert is muted by ${by}: ${text}`, details);
}

/** Who is paged about what fires, or would be if it fired now. */
function routingStep(config: Config, { rule, alerts }: RuleKnown, now: number): WhyStep {
  const active = alerts.filter(isActive);
  const alert = active.find(calls) ?? active.find(({ severity }) => isPaging(severity)) ?? active[0] ?? alerts[0];
  const answer: RouteAnswer =
    alert === undefined ? route(config, { rule }, now) : { ok: true, routes: [routeOfAlert(config, alert, now)] };
  if (!answer.ok) return passed('routing', `Tocsin cannot tell whom it pages: ${answer.error}`);
  const { routes } = answer;
  const details = routes.flatMap(({ severity, policy, steps }) =>
    steps.map(({ step, afterMs, targets }) => {
      const after = afterMs === 0 ? 'at once' : `after ${formatDuration(afterMs)}`;
      return `${severity}, policy ${policy}: ${step} ${after}: ${targets.map(targetText).join(', ')}`;
    }),
  );
  const quiet = routes.map(nobodyText);
  const [nobody] = quiet;
  if (nobody !== undefined && quiet.every((text) => text !== undefined)) return stopped('routing', nobody, details);
  const policies = routes.map((one, index) => `${quiet[index] ?? one.policy} (${one.severity})`);
  return passed('routing', `pages by the policy ${[...new Set(policies)].join(', ')}`, details.slice(0, maxDetails));
}

const targetText = (target: RouteTarget): string => (target.ok ? target.target : `nobody (${target.reason})`);
