import { restingKindOf } from '../detection/kinds/table.ts';
import { restingOrder } from '../detection/resting-order.ts';
import { isAsking, type Rule } from '../detection/rules/rule-schema.ts';
import { type Contact, contactResponder, missingFor } from '../response/contacts/contact.ts';
import type { Target } from '../response/escalation/policy-schema.ts';
import { polledRegistries, runsSourceOf } from '../telemetry/registries/registry-schema.ts';
import { sourcesOf } from '../telemetry/sources/sources-of.ts';
import { isEachAlone } from '../vocabulary/group-by.ts';
import { endAt, localTime, startAt } from '../vocabulary/local-time.ts';
import { nearest } from '../vocabulary/nearest.ts';
import type { Path, Report } from '../vocabulary/report.ts';
import { categories, severities } from '../vocabulary/schema-parts.ts';
import { shown } from '../vocabulary/shown.ts';
import { checkIntakes } from './check-intakes.ts';
import { checkMatchers } from './check-matchers.ts';
import { checkRoutes } from './check-routes.ts';
import { checkSignIn } from './check-sign-in.ts';
import { checkTeams } from './check-teams.ts';
import { type ConfigError, pathText } from './config-error.ts';
import { checkCounters } from './counters.ts';
import { checkDependencies } from './dependencies.ts';
import { checkFamilies } from './families.ts';
import { checkInhibitions } from './inhibition-cycles.ts';
import type { Merged } from './merge.ts';
import { checkOutcomes } from './metric-fits.ts';
import { checkNeverHolds } from './never-holds.ts';
import { checkRule } from './rule-fits-source.ts';
import type { Config } from './schema.ts';
import { checkSegments } from './segments-fit.ts';
import { checkSenders } from './senders.ts';
import { checkSpreadFeatures } from './spread-features.ts';
import { checkSyntheticContact } from './synthetic-contact.ts';

/** The runbook linked from alerts about a rule itself. */
export const sourceFailingRunbook = 'source-failing';

/**
 * Everything wrong between parts of a config that are each valid alone. `isUncertain`: what may be
 * wrong at a path only because other parts are left out.
 */
export function checkReferences(
  config: Config,
  merged: Merged,
  runbooks: ReadonlySet<string>,
  isUncertain: (path: Path) => boolean = () => false,
): ConfigError[] {
  const errors: ConfigError[] = [];
  const report: Report = (path, what, message, suggestion) => {
    if (isUncertain(path)) return;
    const text = pathText(path);
    const error = { ...merged.placeOf(path, what), path: text, message: `${text}: ${message}` };
    errors.push(suggestion === undefined ? error : { ...error, suggestion });
  };
  checkRules(config, runbooks, report);
  for (const [name, { runbook }] of Object.entries(config.heartbeats))
    mustExist(report, ['heartbeats', name, 'runbook'], runbook, 'runbook', runbooks);
  checkRegistries(config, runbooks, report);
  checkSenders(config, runbooks, report);
  checkIntakes(config, report);
  checkSegments(config, report);
  checkOutcomes(config, report);
  checkPaging(config, report);
  checkContactSettings(config, report);
  checkSyntheticContact(config, report);
  checkSignIn(config, report);
  checkMatchers(config, report);
  checkInhibitions(config, report);
  checkDependencies(config, report);
  checkTeams(config, mustExist, report);
  for (const [name, { deployment }] of Object.entries(config.rollbacks)) {
    mustExist(report, ['rollbacks', name, 'deployment'], deployment, 'deployment', Object.keys(config.deployments));
  }
  return errors;
}

function mustExist(report: Report, path: Path, name: string, what: string, valid: Iterable<string>): boolean {
  const names = [...valid];
  if (names.includes(name)) return true;
  const known = names.length === 0 ? `; there is no ${what} yet` : '';
  report(
    path,
    'value',
    `expected the name of a ${what}; received ${shown(name)}, which does not exist${known}`,
    nearest(name, names),
  );
  return false;
}

/** What a server that is asked refers to. */
function checkRegistries(config: Config, runbooks: ReadonlySet<string>, report: Report): void {
  const takers = sourcesOf(config, 'alerts').map(({ name }) => name);
  for (const { name, registry } of polledRegistries(config)) {
    mustExist(report, ['registries', name, 'runbook'], registry.runbook, 'runbook', runbooks);
    const to = runsSourceOf(registry);
    if (to !== undefined)
      mustExist(
        report,
        ['registries', name, ...(registry.kind === 'mlflow' ? ['runs'] : []), 'source'],
        to.source,
        'source of kind alerts',
        takers,
      );
  }
}

function checkRules(config: Config, runbooks: ReadonlySet<string>, report: Report): void {
  const rules = Object.entries(config.rules);
  if (rules.length > 0 && !runbooks.has(sourceFailingRunbook)) {
    const message = `expected a runbook named ${sourceFailingRunbook}, which alerts about rules link to; add it to the runbooks`;
    report(['rules'], 'key', message);
  }
  checkCircles(config, report);
  checkFamilies(config, report);
  checkCounters(config, report);
  checkNeverHolds(config, report);
  checkSpreadFeatures(config, report);
  const sourceNames = Object.keys(config.sources);
  const rollbackNames = Object.keys(config.rollbacks);
  for (const [name, rule] of rules) {
    const path = ['rules', name];
    if (!runbooks.has(rule.runbook)) mustExist(report, [...path, 'runbook'], rule.runbook, 'runbook', runbooks);
    if (rule.rollback !== undefined) mustExist(report, [...path, 'rollback'], rule.rollback, 'rollback', rollbackNames);
    if (!isAsking(rule)) {
      for (const { at, rule: named } of restingKindOf(rule).names(rule))
        mustExist(report, [...path, ...at], named, 'rule', Object.keys(config.rules));
      checkCombined(config, name, rule, report);
      continue;
    }
    if (!mustExist(report, [...path, 'source'], rule.source, 'source', sourceNames)) continue;
    const source = config.sources[rule.source];
    if (source !== undefined) checkRule(path, rule, source, report);
  }
}

/**
 * Without grouping, a composite has no default labels by which to match its alerts, so it must name
 * them in `on`.
 */
function checkCombined({ settings }: Config, name: string, rule: Rule, report: Report): void {
  if (rule.kind !== 'composite' || rule.composite.on !== undefined || !isEachAlone(settings.groupBy)) return;
  const message = 'expected `on`, the labels in which the alerts must agree, because settings.groupBy keeps each alert by itself';
  report(['rules', name, 'composite'], 'key', message);
}

/** A composite rule that depends on itself would keep its own alert firing forever. */
function checkCircles({ rules }: Config, report: Report): void {
  for (const [first, ...rest] of restingOrder(rules).cycles) {
    if (first === undefined) continue;
    const chain = [first, ...rest, first].join(' -> ');
    report(
      ['rules', first, rules[first]?.kind ?? ''],
      'key',
      `composite rules depend on each other in a cycle: ${chain}; remove one of them`,
    );
  }
}

function checkPaging(config: Config, report: Report): void {
  const { responders, schedules, channels, policies } = config;
  for (const row of [...categories, 'default'] as const) {
    for (const severity of severities) {
      const cell = config.matrix[row]?.[severity];
      if (cell !== undefined)
        mustExist(report, ['matrix', row, severity, 'policy'], cell.policy, 'policy', Object.keys(policies));
    }
  }
  const checkTarget = (path: Path, target: Target): void => {
    if (target.responder !== undefined)
      mustExist(report, [...path, 'responder'], target.responder, 'responder', Object.keys(responders));
    if (target.schedule !== undefined)
      mustExist(report, [...path, 'schedule'], target.schedule, 'schedule', Object.keys(schedules));
    if (target.channel !== undefined) mustExist(report, [...path, 'channel'], target.channel, 'channel', Object.keys(channels));
  };
  checkRoutes(config, checkTarget, report);
  for (const [name, { tell }] of Object.entries(config.digests))
    for (const [index, target] of tell.entries()) checkTarget(['digests', name, 'tell', index], target);
  for (const [name, policy] of Object.entries(policies)) {
    for (const [tier, { targets }] of policy.tiers.entries()) {
      for (const [index, target] of targets.entries()) checkTarget(['policies', name, 'tiers', tier, 'targets', index], target);
    }
    if (policy.fallback !== undefined) checkTarget(['policies', name, 'fallback'], policy.fallback);
  }
  for (const [name, schedule] of Object.entries(schedules)) {
    const path = ['schedules', name];
    checkLocalTime([...path, 'start'], schedule.start, report);
    for (const [index, responder] of schedule.responders.entries()) {
      mustExist(report, [...path, 'responders', index], responder, 'responder', Object.keys(responders));
    }
    const { timezone } = schedule;
    for (const [index, { from, to, responder }] of schedule.overrides.entries()) {
      const override = [...path, 'overrides', index];
      mustExist(report, [...override, 'responder'], responder, 'responder', Object.keys(responders));
      const real = checkLocalTime([...override, 'from'], from, report) && checkLocalTime([...override, 'to'], to, report);
      if (!real) continue;
      if (to <= from) report([...override, 'to'], 'value', `expected a time after from, ${from}; received ${to}`);
      else if (startAt(localTime(from), timezone) >= endAt(localTime(to), timezone))
        report([...override, 'to'], 'value', `expected a time that ${timezone} has; its clocks skip all of ${from} to ${to}`);
    }
  }
}

/** The date format does not check the calendar: there is no February 30. */
function checkLocalTime(path: Path, text: string, report: Report): boolean {
  try {
    return localTime(text) !== undefined;
  } catch {
    report(path, 'value', `expected a date and time that exist; received ${shown(text)}`);
    return false;
  }
}

/** Some kinds of contact need settings, as Slack needs its tokens, or name a responder. */
function checkContactSettings({ settings, responders, channels }: Config, report: Report): void {
  const check = (path: Path, contact: Contact): void => {
    const missing = missingFor(contact, settings);
    if (missing !== undefined) report([...path, contact.kind], 'key', missing);
    const named = contactResponder(contact);
    if (named !== undefined) mustExist(report, [...path, contact.kind], named, 'responder', Object.keys(responders));
  };
  for (const [name, { contacts }] of Object.entries(responders))
    for (const [index, contact] of contacts.entries()) check(['responders', name, 'contacts', index], contact);
  for (const [name, contact] of Object.entries(channels)) check(['channels', name], contact);
  if (settings.syntheticIncident !== undefined)
    check(['settings', 'syntheticIncident', 'contact'], settings.syntheticIncident.contact);
}
