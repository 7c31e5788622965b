import type { Judgement } from '../../core/alerting/judgements/judgement.ts';
import { type Incident, newestFirst } from '../../core/response/incidents/incident.ts';
import { firstPageIn } from '../../core/response/incidents/next-step.ts';
import { onCallNow, type Turn } from '../../core/response/oncall/in-force.ts';
import { byGroup, countsOf, type GroupHealth, type HealthCounts } from '../../core/selfcheck/health/by-group.ts';
import { isUnjudged } from '../../core/selfcheck/health/health-state.ts';
import type { RuleHealth } from '../../core/selfcheck/health/rule-health.ts';
import { type Headline, headlineOf } from '../../core/selfcheck/now/headline.ts';
import { type Upcoming, upcomingOf } from '../../core/selfcheck/now/upcoming.ts';
import { type OfOthers, otherIncidents } from '../../core/selfcheck/scope/of-others.ts';
import { isOwnIncident, scopeOf, type TeamScope, teamsOf } from '../../core/selfcheck/scope/team-scope.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import { severityRank } from '../../core/vocabulary/severity.ts';
import { latestOf } from '../latest-incident.ts';
import type { Ports } from '../ports/ports.ts';
import { effectiveConfig } from '../respond/effective-config.ts';
import { type IncidentInShort, inShort } from './incident-in-short.ts';
import { latestJudgements } from './latest-judgements.ts';
import { nextSteps } from './next-steps.ts';
import { readOpen } from './open-incidents.ts';
import { readRulesHealth } from './rules-health.ts';
import { sparklineOfSeries } from './sparklines.ts';
import { type ChangeSummary, changesIn } from './what-changed.ts';

const hour = 3_600_000;
const shownIncidents = 20;
const shownUnjudged = 20;
const shownChanges = 30;
const shownUpcoming = 30;
/** Past so many models, each has one cell: its worst rule. */
export const mostRows = 60;
const mostCells = 12;
const mostSmallRows = 300;
const upcomingFor = 12 * hour;
const changedFor = 24 * hour;

/** A row of the grid: a model with its worst rules. `version`: the one that serves. */
export type NowRow = Pick<GroupHealth, 'kind' | 'name' | 'counts'> & { version?: string; total: number; cells: NowCell[] };
export type NowCell = RuleHealth & { judgement?: Judgement };

export type Now = {
  /** What a scope leaves out. */
  ofOthers?: OfOthers;
  headline: Headline;
  counts: HealthCounts;
  /** `isCut`: there are more than are read. */
  incidents: { total: number; isCut?: true; shown: IncidentInShort[] };
  groups: { total: number; shown: NowRow[] };
  onCall: Turn[];
  unjudged: { total: number; shown: RuleHealth[] };
  changes: { total: number; shown: ChangeSummary[] };
  upcoming: { total: number; shown: Upcoming[] };
};

/**
 * All that somebody on call wants to know first. `viewer`: the responder who asks; `scope`: only
 * what is of this team is listed and counted, and the rest in `ofOthers`.
 */
export async function readNow(
  ports: Pick<Ports, 'store' | 'config' | 'sha256' | 'inFlight'>,
  { viewer, scope }: { viewer: string | undefined; scope: TeamScope | undefined },
  now: number,
): Promise<Now> {
  const { store } = ports;
  const [config, allRules, { open: allOpen, isCut }, silences, changes] = await Promise.all([
    effectiveConfig(ports, now),
    readRulesHealth(ports),
    readOpen(ports),
    store.silences(now),
    changesIn(ports, { from: now - changedFor, to: now }),
  ]);
  const rules = scope === undefined ? allRules : allRules.filter(({ rule }) => scope.rule(rule));
  const open = scope === undefined ? allOpen : allOpen.filter(scope.incident);
  const isOwn = isOwnIncident(config, { responder: viewer, team: scope?.team });
  const own = teamsOf(config, viewer).map((team) => scopeOf(config, team));
  const facing = open.map((incident) => {
    const steps = nextSteps(ports, incident, config);
    const pageAt = firstPageIn(steps)?.at ?? Number.POSITIVE_INFINITY;
    return { incident, next: steps[0], own: isOwn(incident) ? 0 : 1, pageAt };
  });
  const urgent = facing
    .toSorted((a, b) => urgency(a) - urgency(b) || a.own - b.own || a.pageAt - b.pageAt || newestFirst(a.incident, b.incident))
    .map(({ incident }) => incident);
  const shown = await latestOf(ports, urgent.slice(0, shownIncidents), { withRelated: false });
  const counts = countsOf(rules);
  const unjudged = rules.filter(({ state }) => isUnjudged(state)).sort((a, b) => (a.since ?? now) - (b.since ?? now));
  const upcoming = upcomingOf(config, { open: facing, silences, rules }, now, now + upcomingFor);
  return {
    headline: headlineOf({ open: shown, total: open.length, isCut, counts, viewer, team: scope?.team }),
    counts,
    incidents: {
      total: open.length,
      ...(isCut && { isCut }),
      shown: await Promise.all(shown.map((one) => incidentNow(ports, config, one, isOwn(one), now))),
    },
    groups: await rowsOf(
      ports,
      byGroup(rules, (group) => own.some((one) => one.group(group))),
    ),
    onCall: onCallNow(config, now),
    unjudged: { total: unjudged.length, shown: unjudged.slice(0, shownUnjudged) },
    changes: { total: changes.length, shown: changes.slice(0, shownChanges) },
    upcoming: { total: upcoming.length, shown: upcoming.slice(0, shownUpcoming) },
    ...(scope !== undefined && {
      ofOthers: {
        team: scope.team,
        incidents: otherIncidents(allOpen.filter((one) => !scope.incident(one))),
        rules: countsOf(allRules.filter(({ rule }) => !scope.rule(rule))),
      },
    }),
  };
}

/** Severity first; of one severity, what nobody has. */
const urgency = ({ incident: { severity, status } }: { incident: Incident }): number =>
  -2 * severityRank[severity] + (status === 'acknowledged' ? 1 : 0);

async function incidentNow(
  ports: Pick<Ports, 'store' | 'config'>,
  config: Ports['config'],
  incident: Incident,
  isOwn: boolean,
  now: number,
): Promise<IncidentInShort> {
  const short = inShort(incident, config);
  const { leading } = short;
  const isOurs = leading !== undefined && Object.hasOwn(config.rules, leading.ruleId);
  const spark = isOurs
    ? await sparklineOfSeries(ports, { ...leading, rule: leading.ruleId, value: leading.value }, sparkHours, now)
    : undefined;
  return { ...short, ...(isOwn && { isOwn }), ...(spark?.values.some((value) => value !== undefined) && { spark }) };
}

const sparkHours = 48;

async function rowsOf(
  ports: Pick<Ports, 'store' | 'config' | 'inFlight'>,
  groups: readonly GroupHealth[],
): Promise<Now['groups']> {
  const isSmall = groups.length > mostRows;
  const shown = groups.slice(0, isSmall ? mostSmallRows : mostRows);
  const cellsOf = ({ rules }: GroupHealth): RuleHealth[] => rules.slice(0, isSmall ? 1 : mostCells);
  const asked = shown.flatMap((group) => cellsOf(group).map(({ rule }) => rule));
  const [judgements, versions] = await Promise.all([latestJudgements(ports, asked), versionsOf(ports, isSmall ? [] : shown)]);
  const cellOf = (health: RuleHealth): NowCell => withJudgement(health, judgements);
  return {
    total: groups.length,
    shown: shown.map((group) => {
      const { kind, name, counts, rules } = group;
      const version = kind === 'model' ? versions.get(name) : undefined;
      return {
        kind,
        name,
        counts,
        total: rules.length,
        cells: cellsOf(group).map(cellOf),
        ...(version !== undefined && { version }),
      };
    }),
  };
}

function withJudgement(health: RuleHealth, judgements: ReadonlyMap<RuleId, Judgement>): NowCell {
  const judgement = judgements.get(health.rule);
  return judgement === undefined ? health : { ...health, judgement };
}

/** The versions that serve, by model. */
async function versionsOf(
  { store, config }: Pick<Ports, 'store' | 'config'>,
  groups: readonly GroupHealth[],
): Promise<Map<string, string>> {
  const names = new Set(groups.filter(({ kind }) => kind === 'model').map(({ name }) => name));
  const sources = Object.entries(config.sources).flatMap(([source, one]) => {
    if (one.kind !== 'predictions') return [];
    const model = one.labels['model'] ?? one.model;
    return names.has(model) ? [{ source, model }] : [];
  });
  const read = await Promise.all(
    sources.map(async ({ source, model }) => ({ model, version: (await store.serving(source))?.modelVersion })),
  );
  return new Map(read.flatMap(({ model, version }) => (version === undefined ? [] : [[model, version] as const])));
}
