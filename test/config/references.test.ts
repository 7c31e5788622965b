import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../core/config/load.ts';
import { ruleKindNames } from '../../core/detection/kinds/written.ts';
import { base, errorsOf, rule } from './errors-of.ts';

const degraded = (keys: Record<string, string>, rolling: string): string =>
  rule({ ...keys, degradation: `{ direction: drop, baseline: { rolling: ${rolling} } }` }).replace(/ +threshold:.*\n/, '');

describe('names that lead nowhere', () => {
  test('of a rule: source, runbook and rollback', () => {
    expect(errorsOf(rule({ source: 'flight', runbook: 'acuracy-drop', rollback: 'x' }))).toEqual([
      'f.yaml:3:13: rules.acc.source: expected the name of a source; received "flight", which does not exist (did you mean "flights"?)',
      'f.yaml:8:14: rules.acc.runbook: expected the name of a runbook; received "acuracy-drop", which does not exist (did you mean "accuracy-drop"?)',
      'f.yaml:9:15: rules.acc.rollback: expected the name of a rollback; received "x", which does not exist; there is no rollback yet',
    ]);
  });

  test('of the prototype of all objects', () => {
    expect(errorsOf(rule({ source: 'constructor', runbook: 'toString' })).map((line) => line.split(': ')[1])).toEqual([
      'rules.acc.source',
      'rules.acc.runbook',
    ]);
  });

  test('of a rollback, the matrix, tiers, fallbacks and schedules', () => {
    const text = `rollbacks:
  r: { deployment: scorer }
deployments:
  score: { hook: { lambdaAlias: { functionName: f, alias: live } } }
matrix:
  drift:
    warn: { policy: plian }
policies:
  p:
    tiers:
      - targets: [{ schedule: x }]
        ackWithin: 5m
      - targets: [{ responder: ana }, { channel: y }]
        ackWithin: 5m
    fallback: { responder: anna }
schedules:
  s:
    timezone: UTC
    start: 2026-01-05T09:00
    responders: [ana, bob]
    overrides: [{ from: 2026-01-05T09:00, to: 2026-01-06T09:00, responder: carla }]
`;
    expect(errorsOf(text)).toEqual([
      'f.yaml:2:20: rollbacks.r.deployment: expected the name of a deployment; received "scorer", which does not exist (did you mean "score"?)',
      'f.yaml:7:21: matrix.drift.warn.policy: expected the name of a policy; received "plian", which does not exist (did you mean "plain"?)',
      'f.yaml:11:31: policies.p.tiers[0].targets[0].schedule: expected the name of a schedule; received "x", which does not exist',
      'f.yaml:13:50: policies.p.tiers[1].targets[1].channel: expected the name of a channel; received "y", which does not exist; there is no channel yet',
      'f.yaml:15:28: policies.p.fallback.responder: expected the name of a responder; received "anna", which does not exist (did you mean "ana"?)',
      'f.yaml:20:23: schedules.s.responders[1]: expected the name of a responder; received "bob", which does not exist',
      'f.yaml:21:76: schedules.s.overrides[0].responder: expected the name of a responder; received "carla", which does not exist',
    ]);
  });

  test('of a team: members, schedule, and each owner where there are teams', () => {
    const teams = (name: string, more = ''): string => `${rule({ owner: 'ml-platform' })}teams:
  ${name}: { members: [ana]${more} }
`;
    expect(errorsOf(rule({ owner: 'anybody' }))).toEqual([]);
    expect(errorsOf(teams('ml-platform'))).toEqual([]);
    expect(errorsOf(teams('ml-platfrom', ', schedule: s').replace('[ana]', '[anna]')).map((line) => line.split(': ')[1])).toEqual(
      ['rules.acc.owner', 'teams.ml-platfrom.members[0]', 'teams.ml-platfrom.schedule'],
    );
  });

  test('of matchers on what Tocsin itself names', () => {
    const text = `${rule({})}inhibitions:
  - name: a
    source: { rule: acc, severity: critcal }
    target: { rule: [acc, bcc], severity: warn, team: whoever }
muteTimings:
  m: { timezone: UTC, match: { category: perf }, windows: [{ from: '22:00', to: '06:00' }] }
`;
    expect(errorsOf(text)).toEqual([
      'f.yaml:11:36: inhibitions[0].source.severity: expected the name of a severity; received "critcal", which does not exist (did you mean "critical"?)',
      'f.yaml:12:21: inhibitions[0].target.rule: expected the name of a rule; received "bcc", which does not exist (did you mean "acc"?)',
      'f.yaml:14:42: muteTimings.m.match.category: expected the name of a category; received "perf", which does not exist',
    ]);
  });

  test('the runbook about rules themselves must be there', () => {
    const loaded = loadConfig([{ path: 'f.yaml', text: rule({}) + base }], new Set(['accuracy-drop']));
    expect(loaded.ok ? [] : loaded.errors).toEqual([
      {
        file: 'f.yaml',
        line: 1,
        column: 1,
        path: 'rules',
        message: 'rules: expected a runbook named source-failing, which alerts about rules link to; add it to the runbooks',
      },
    ]);
  });

  test('contacts on Slack need the settings of Slack', () => {
    expect(errorsOf('channels:\n  c: { slack: C1 }\n')).toEqual([
      'f.yaml:2:8: channels.c.slack: expected settings.slack (token and signingSecret), which a Slack contact needs; add it, or use another contact',
    ]);
  });

  test("the contact of the synthetic incident is nobody else's, and needs what any contact needs", () => {
    const asked = (contact: string, more = ''): string[] =>
      errorsOf(`settings: { syntheticIncident: { contact: ${contact} }${more} }\nchannels:\n  c: { sns: default }\n`);
    expect(asked('{ sns: default }')).toEqual([
      'f.yaml:1:34: settings.syntheticIncident.contact: expected a contact of its own, so that tests page no person; this one belongs to the channel c',
    ]);
    expect(asked('{ slack: C1 }')).toEqual([
      'f.yaml:1:45: settings.syntheticIncident.contact.slack: expected settings.slack (token and signingSecret), which a Slack contact needs; add it, or use another contact',
    ]);
    expect(asked('{ slack: C1 }', ', slack: { token: TOKEN, signingSecret: SIGNING }')).toEqual([]);
    expect(asked('{ terminal: true }')).toEqual([]);
  });

  test('a synthetic incident is over before the next one begins', () => {
    const asked = (times: string): string[] => errorsOf(`settings: { syntheticIncident: { contact: { sns: t }, ${times} } }`);
    expect(asked('every: 7m, within: 3m')).toEqual([
      'f.yaml:1:55: settings.syntheticIncident.every: expected at least 8m, which is `within` and 5m for it to end; received 7m',
    ]);
    expect(asked('every: 1d')).toEqual(['f.yaml:1:55: settings.syntheticIncident.every: expected at most 12h; received 1d']);
    expect(asked('within: 10s')).toEqual(['f.yaml:1:55: settings.syntheticIncident.within: expected at least 30s; received 10s']);
    expect(asked('every: 8m, within: 3m')).toEqual([]);
  });

  test('dates must exist, and end after they begin', () => {
    const schedule = (start: string, from: string, to: string): string =>
      `schedules:\n  s:\n    timezone: UTC\n    start: ${start}\n    responders: [ana]\n    overrides: [{ from: ${from}, to: ${to}, responder: ana }]\n`;
    expect(errorsOf(schedule('2026-02-30T09:00', '2026-01-02T25:00', '2026-01-03T09:00'))).toEqual([
      'f.yaml:4:12: schedules.s.start: expected a date and time that exist; received "2026-02-30T09:00"',
      'f.yaml:6:25: schedules.s.overrides[0].from: expected a date and time that exist; received "2026-01-02T25:00"',
    ]);
    expect(errorsOf(schedule('2026-02-02T09:00', '2026-01-02T09:00', '2026-01-02T09:00'))).toEqual([
      'f.yaml:6:47: schedules.s.overrides[0].to: expected a time after from, 2026-01-02T09:00; received 2026-01-02T09:00',
    ]);
    const skipped = schedule('2026-02-02T09:00', '2026-03-29T02:10', '2026-03-29T02:50').replace('UTC', 'Europe/Berlin');
    expect(errorsOf(skipped)).toEqual([
      'f.yaml:6:47: schedules.s.overrides[0].to: expected a time that Europe/Berlin has; its clocks skip all of 2026-03-29T02:10 to 2026-03-29T02:50',
    ]);
  });
});

describe('a rule and its source', () => {
  test('must be of the same kind', () => {
    expect(errorsOf(rule({ source: 'cpu' }))).toEqual([
      'f.yaml:4:14: rules.acc.query.predictions: expected a query of the kind samples, as the source cpu is; received predictions (did you mean "samples"?)',
    ]);
  });

  test('must agree about time: points begin and end where buckets do', () => {
    const times = { step: '90m', every: '25m', query: '{ predictions: { metric: accuracy, over: 100m } }' };
    expect(errorsOf(rule(times))).toEqual([
      'f.yaml:4:53: rules.acc.query.predictions.over: expected a multiple of the bucket of flights, 1h; received 1h40m',
      'f.yaml:5:11: rules.acc.step: expected a multiple of the bucket of flights, 1h; received 1h30m',
      'f.yaml:9:12: rules.acc.every: expected a multiple of the bucket of flights, 1h, or an even part of it; received 25m',
    ]);
    expect(errorsOf(rule({ every: '15m' }))).toEqual([]);
    expect(errorsOf(rule({ source: 'cpu', query: '{ samples: { metric: x, over: 90s } }', step: '1m' }))).toEqual([
      'f.yaml:4:42: rules.acc.query.samples.over: expected a multiple of the bucket of cpu, 1m; received 1m30s',
    ]);
  });

  test('a rule looks back no further than its source remembers', () => {
    expect(errorsOf(degraded({}, '{ window: 95d }'))).toEqual([
      'f.yaml:8:68: rules.acc.degradation.baseline.rolling.window: expected at most the retention of flights, 90d; this rule looks back 96d4h; shorten it, or raise retain',
    ]);
    expect(errorsOf(rule({ query: '{ predictions: { metric: count, over: 100d } }' }))).toEqual([
      'f.yaml:4:50: rules.acc.query.predictions.over: expected at most the retention of flights, 90d; this rule looks back 100d4h; shorten it, or raise retain',
    ]);
    expect(errorsOf(rule({ step: '30d' }))).toEqual([
      'f.yaml:5:11: rules.acc.step: expected at most the retention of flights, 90d; this rule looks back 121d; shorten it, or raise retain',
    ]);
  });

  test('a baseline has room for the points that it needs', () => {
    expect(errorsOf(degraded({}, '{ window: 5h }'))).toEqual([
      'f.yaml:8:68: rules.acc.degradation.baseline.rolling.window: expected a window with room for minPoints, 10; 5h of one point every 1h hold at most 5; lengthen the window or lower minPoints',
    ]);
    expect(errorsOf(degraded({}, '{ window: 5h, minPoints: 5 }'))).toEqual([]);
  });

  test('features are those of the source, and only some metrics are about them', () => {
    expect(errorsOf(rule({ query: '{ predictions: { metric: null_rate, over: 1h, features: [origin, distanse] } }' }))).toEqual([
      'f.yaml:4:77: rules.acc.query.predictions.features[1]: expected a feature of flights; received "distanse" (did you mean "distance"?)',
    ]);
    expect(errorsOf(rule({ query: '{ predictions: { metric: count, over: 1h, features: [origin] } }' }))).toEqual([
      'f.yaml:4:54: rules.acc.query.predictions.features: only null_rate, out_of_range_rate, unseen_rate, type_error_rate and feature are per feature; received the metric count; remove this key',
    ]);
  });

  test('CloudWatch has its own periods, and keeps short ones for a shorter time', () => {
    const aws = { source: 'aws', query: '{ cloudwatch: { sql: "SELECT 1" } }' };
    for (const step of ['1s', '5s', '10s', '30s', '60s', '2m', '1h']) expect(errorsOf(rule({ ...aws, step }))).toEqual([]);
    for (const step of ['2s', '90s', '500ms']) {
      expect(errorsOf(rule({ ...aws, step }))).toEqual([
        expect.stringMatching(
          /^f\.yaml:5:11: rules\.acc\.step: expected a period of CloudWatch: 1s, 5s, 10s, 30s or a multiple of 1m/,
        ),
      ]);
    }
    expect(errorsOf(degraded({ ...aws, step: '1m' }, '{ window: 20d }'))).toEqual([
      'f.yaml:8:68: rules.acc.degradation.baseline.rolling.window: CloudWatch keeps points of 1m for 15d; this rule looks back 20d6m; shorten it, or use a longer step',
    ]);
    expect(errorsOf(degraded({ ...aws, step: '5m' }, '{ window: 20d }'))).toEqual([]);
  });
});

test('each alert by itself leaves no labels in which the alerts behind a rule agree', () => {
  const both = '  both: { category: latency, composite: { all: [{ rule: acc }] }, runbook: null-spike }\n';
  const alone = 'settings: { groupBy: ["..."] }\n';
  expect(errorsOf(`${alone}${rule({})}${both}`)).toEqual([expect.stringMatching(/rules.both.composite: expected `on`/)]);
  expect(errorsOf(`${alone}${rule({})}${both.replace('all:', 'on: [model], all:')}`)).toEqual([]);
  expect(errorsOf('settings: { groupBy: ["...", model] }\n')).toEqual([expect.stringMatching(/expected "..." alone/)]);
});

describe('inhibitions', () => {
  const second =
    '  slow: { source: cpu, query: { samples: { metric: x } }, category: latency, threshold: { above: { warn: 1 } }, runbook: null-spike }\n';
  const third =
    '  full: { source: cpu, query: { samples: { metric: y } }, category: resource, threshold: { above: { warn: 1 } }, runbook: null-spike }\n';
  const inhibitions = (...pairs: [string, string][]): string =>
    `${rule({})}${second}${third}inhibitions:\n${pairs.map(([source, target], n) => `  - { name: i${n}, source: { ${source} }, target: { ${target} } }\n`).join('')}`;

  const senders = 'sources:\n  prom: { kind: alerts, category: latency, runbook: null-spike }\n';
  const ofOthers = (source: string, target: string): string[] =>
    errorsOf(`${senders}inhibitions:\n  - { name: i, source: [${source}], target: [${target}] }\n`);

  test('of alerts of others are told apart by their own words for a severity, and by what else they must have', () => {
    expect(ofOthers("'severity=critical'", '\'severity=~"warning|info"\'')).toEqual([]);
    expect(ofOthers("'alertname=NodeDown'", "'alertname!=NodeDown', 'team=x'")).toEqual([]);
    expect(ofOthers("'rule=prom/NodeDown'", "'rule=prom/Slow'")).toEqual([]);
    expect(ofOthers("'severity=page'", "'severity=critical'")).toEqual([
      expect.stringMatching(/an alert may be both source and target/),
    ]);
    expect(ofOthers('\'alertname=~"N.*"\'', "'team=x'")).toEqual([
      expect.stringMatching(/an alert may be both source and target/),
    ]);
  });

  test('on what Tocsin names are checked in their patterns, too', () => {
    const of = (source: string): string[] => errorsOf(inhibitions(['rule: acc', 'rule: slow']).replace('{ rule: acc }', source));
    expect(of('[\'rule=~"ac.*"\']')).toEqual([]);
    expect(of('[\'rule=~"axx.*"\']')).toEqual([
      expect.stringMatching(/source.rule: expected a pattern that a rule matches; received rule=~"axx/),
    ]);
    expect(of("['rule=acc', 'severity!=critcal']")).toEqual([
      expect.stringMatching(/received "critcal".*did you mean "critical"/),
    ]);
    for (const word of ['none', 'p1', 'P-1', 'SEV2', 'High'])
      expect(ofOthers(`'severity=${word}'`, "'team=x'").filter((one) => one.includes('severity'))).toEqual([]);
    expect(ofOthers("'severity=none'", "'severity=critical'")).toEqual([]);
    expect(ofOthers("'severity=warnings'", "'severity=critical'")).toEqual([expect.stringMatching(/did you mean "warning"/)]);
  });

  test('may form a chain', () => {
    expect(errorsOf(inhibitions(['rule: acc', 'rule: slow'], ['rule: slow', 'category: resource']))).toEqual([]);
  });

  test('may go from a severity to the other', () => {
    expect(errorsOf(inhibitions(['rule: slow, severity: critical', 'rule: slow, severity: warn']))).toEqual([]);
  });

  test('may not silence one another', () => {
    expect(errorsOf(inhibitions(['rule: acc', 'rule: slow'], ['category: latency', 'category: performance']))).toEqual([
      'f.yaml:12:40: inhibitions[0].target: inhibitions form a cycle in which no alert would page: i0 -> i1 -> i0; remove one of them or narrow its target',
    ]);
  });

  test('may not run in a wider circle, either', () => {
    const circle: [string, string][] = [
      ['rule: acc', 'rule: slow'],
      ['rule: slow', 'rule: full'],
      ['rule: full', 'rule: [slow, acc]'],
    ];
    expect(errorsOf(inhibitions(...circle))).toEqual([
      expect.stringMatching(/inhibitions\[0\]\.target: .*: i0 -> i1 -> i2 -> i0; /),
    ]);
  });

  test('may not have an alert as source and target at once', () => {
    expect(errorsOf(inhibitions(['category: performance', 'severity: warn']))).toEqual([
      'f.yaml:12:52: inhibitions[0].target: an alert may be both source and target of i0; expected matchers that no alert satisfies both of, such as different rules or severities',
    ]);
  });

  test('are told apart by what is known of rules: no latency alert is of a rule about performance', () => {
    expect(errorsOf(inhibitions(['rule: acc', 'category: latency'], ['rule: slow', 'rule: full']))).toEqual([]);
    // An alert about the rule itself has the category pipeline.
    expect(errorsOf(inhibitions(['category: pipeline', 'rule: slow']))).toEqual([
      expect.stringMatching(/both source and target of i0/),
    ]);
  });

  test('have names of their own', () => {
    const text = `${rule({})}inhibitions:\n  - { name: a, source: { x: "1" }, target: { x: "2" } }\n  - { name: a, source: { x: "1" }, target: { x: "3" } }\n`;
    expect(errorsOf(text)).toEqual([
      'f.yaml:11:13: inhibitions[1].name: expected a name of its own; received a, the name of inhibitions[0]',
    ]);
  });
});

describe('rule kinds', () => {
  const kind = (key: string, value: string, keys: Record<string, string> = {}): string =>
    rule({ ...keys, [key]: value }).replace(/ +threshold:.*\n/, '');

  test('a rule has exactly one, and asks a source unless it is composite', () => {
    expect(errorsOf(rule({ absence: '{ warn: 2h }' }))).toEqual([
      `f.yaml:2:3: rules.acc: expected exactly one of ${ruleKindNames.join(', ')}; received threshold and absence`,
    ]);
    expect(errorsOf(kind('composite', '{ all: [{ rule: acc }] }')).slice(0, 2)).toEqual([
      'f.yaml:3:13: rules.acc.source: expected a source in every rule but a composite one, which has none; received "flights"',
      'f.yaml:4:12: rules.acc.query: expected a query in every rule but a composite one, which has none; received a mapping',
    ]);
  });

  test('composite rules name rules that exist, and rest on themselves nowhere', () => {
    const composites = `rules:
  a: { category: drift, runbook: accuracy-drop, composite: { all: [{ rule: b }] } }
  b: { category: drift, runbook: accuracy-drop, composite: { any: [{ rule: a }, { rule: acc }] } }
`;
    expect(errorsOf(composites)).toEqual([
      'f.yaml:2:49: rules.a.composite: composite rules depend on each other in a cycle: a -> b -> a; remove one of them',
      'f.yaml:3:89: rules.b.composite.any[1].rule: expected the name of a rule; received "acc", which does not exist',
    ]);
  });

  test('a baseline of the version before needs series of one version', () => {
    expect(errorsOf(kind('degradation', '{ direction: drop, baseline: { version: {} } }'))).toEqual([
      'f.yaml:8:49: rules.acc.degradation.baseline.version: expected `by: [version]` in the query, for this baseline is the version before; received a query over all versions',
    ]);
  });

  test('a burn rate adds up points that do not overlap', () => {
    expect(
      errorsOf(
        kind('burnRate', '{ objective: 99% }', { source: 'cpu', step: '10m', query: '{ samples: { metric: m, over: 1h } }' }),
      ),
    ).toEqual([
      'f.yaml:4:42: rules.acc.query.samples.over: expected the step of the rule, 10m, for a burn rate adds points up; received 1h',
      'f.yaml:8:5: rules.acc.burnRate.windows[0].short: the window of 5m is shorter than the step of the rule, 10m; shorten `step`, or name longer windows',
    ]);
  });

  test('no rule looks back further than its source retains', () => {
    const seasonal = '{ direction: drop, baseline: { seasonal: { season: week, periods: 20 } } }';
    expect(errorsOf(kind('degradation', seasonal))[0]).toContain(
      'expected at most the retention of flights, 90d; this rule looks back 141d6h',
    );
    expect(errorsOf(kind('absence', '{ critical: 100d }'))[0]).toContain('rules.acc.absence');
  });
});
