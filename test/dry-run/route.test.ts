import { describe, expect, test } from 'vitest';
import type { Config } from '../../core/config/schema.ts';
import { type Route, route } from '../../core/dry-run/route.ts';
import { sourceSchema } from '../../core/telemetry/sources/source-schema.ts';
import { matchersOf } from '../../core/vocabulary/matchers/matcher.ts';
import { matchersSchema } from '../../core/vocabulary/matchers/matchers-schema.ts';
import type { Labels } from '../../core/vocabulary/schema-parts.ts';
import { formatDuration } from '../../core/vocabulary/units.ts';
import { exampleConfig } from '../response/escalation/example-config.ts';

/** 08:50 in Berlin: ten minutes before Ana, who took over from Ben on Sunday, hands over to Ben. */
const morning = Date.parse('2026-01-06T07:50:00Z');

function routesOf(config: Config, labels: Labels, at = morning): Route[] {
  const answer = route(config, labels, at);
  if (!answer.ok) throw new Error(answer.error);
  return answer.routes;
}

const lines = ({ steps }: Route): string[] =>
  steps.map(({ afterMs, step, targets }) => {
    const who = targets.map((one) => (one.ok ? one.target : `nobody: ${one.reason}`));
    return `${formatDuration(afterMs)} ${step}: ${who.join(', ')}`;
  });

describe('a route', () => {
  test('of a critical alert begins at once, and goes through tiers, reminders and the fallback', () => {
    const [critical] = routesOf(exampleConfig(), { category: 'performance', severity: 'critical' }) as [Route];
    expect(critical).toMatchObject({ policy: 'long', ackTarget: 900_000, resolveTarget: 14_400_000 });
    expect(lines(critical)).toEqual([
      '0s tier 1: schedule/ml (ana), channel/all',
      '15m tier 2: responder/boss',
      '45m reminder: responder/boss',
      '1h15m reminder: responder/boss',
      '1h45m fallback: channel/all',
    ]);
  });

  test('says which routes were looked at, which decided, and who is told', () => {
    const config = exampleConfig();
    config.routes = [
      { name: 'dev', match: matchersOf({ environment: 'dev' }), pages: 'nobody', tell: [], continue: false },
      { name: 'ml', match: matchersOf({ team: 'ml' }), policy: 'short', tell: [{ channel: 'all' }], continue: false },
    ];
    const of = (labels: Labels) => routesOf(config, { category: 'performance', severity: 'critical', ...labels })[0];
    expect(of({ team: 'ml' })).toMatchObject({
      policy: 'short',
      route: ['ml'],
      ackTarget: 900_000,
      tell: [{ ok: true, target: 'channel/all' }],
      looked: [
        { path: ['dev'], matched: false, failed: 'environment="dev"' },
        { path: ['ml'], matched: true },
      ],
    });
    expect(of({ environment: 'dev' })).toMatchObject({ nobody: ['dev'], steps: [] });
    expect(of({})).toMatchObject({ policy: 'long' });
    expect(of({})).not.toHaveProperty('route');
  });

  test('of a rule has one entry for each severity that the rule knows', () => {
    expect(routesOf(exampleConfig(), { rule: 'acc' }).map(({ severity, policy }) => `${severity} ${policy}`)).toEqual([
      'warn short',
      'critical long',
    ]);
    expect(routesOf(exampleConfig(), { rule: 'nulls' })).toMatchObject([{ severity: 'critical', category: 'data-quality' }]);
  });

  test('of an alert about a rule itself is that of the category that is named', () => {
    const [warn] = routesOf(exampleConfig(), { rule: 'acc', category: 'pipeline' }) as [Route];
    expect(warn).toMatchObject({ category: 'pipeline', severity: 'warn', policy: 'short' });
  });

  test('of a warning waits for the group', () => {
    const [warn] = routesOf(exampleConfig(), { rule: 'acc', severity: 'warn' }) as [Route];
    expect(lines(warn)).toEqual(['30s tier 1: channel/all']);
  });

  test('names who is on call at the time of each step', () => {
    const config = exampleConfig();
    config.policies['long']?.tiers.push({ targets: [{ schedule: 'ml' }], ackWithin: 60_000 });
    const [critical] = routesOf(config, { category: 'drift', severity: 'critical' }) as [Route];
    expect(lines(critical).slice(0, 3)).toEqual([
      '0s tier 1: schedule/ml (ana), channel/all',
      '15m tier 2: responder/boss',
      '45m tier 3: schedule/ml (ben)',
    ]);
  });

  test('passes over a tier that reaches nobody, at once and with the reason', () => {
    const config = exampleConfig();
    delete config.responders['boss'];
    const [critical] = routesOf(config, { category: 'drift', severity: 'critical' }) as [Route];
    const gone = 'nobody: responder/boss: the responder boss is not in the config any more';
    expect(lines(critical)).toEqual([
      '0s tier 1: schedule/ml (ana), channel/all',
      `15m tier 2: ${gone}`,
      `15m reminder: ${gone}`,
      `15m reminder: ${gone}`,
      '15m fallback: channel/all',
    ]);
  });
});

describe('a mute timing', () => {
  const night = Date.parse('2026-01-06T01:00:00Z');

  test('withholds pages until it ends, and is named', () => {
    const [warn, critical] = routesOf(exampleConfig(), { rule: 'acc' }, night) as [Route, Route];
    expect(warn.muted).toEqual({ by: 'nights', until: Date.parse('2026-01-06T05:00:00Z') });
    expect(lines(warn)).toEqual(['4h30s tier 1: channel/all']);
    expect(critical.muted).toBeUndefined();
    expect(lines(critical)[0]).toBe('0s tier 1: schedule/ml (ana), channel/all');
  });

  test('applies by the labels of the rule and its source, or by those given', () => {
    expect(routesOf(exampleConfig(), { category: 'drift', severity: 'warn' }, night)[0]?.muted).toBeUndefined();
    expect(routesOf(exampleConfig(), { category: 'drift', severity: 'warn', model: 'flight-delays' }, night)[0]?.muted?.by).toBe(
      'nights',
    );
    expect(routesOf(exampleConfig(), { rule: 'acc', severity: 'warn', model: 'other' }, night)[0]?.muted).toBeUndefined();
  });

  test('without an end leaves nothing to page', () => {
    const config = exampleConfig();
    const timing = config.muteTimings['nights'];
    if (timing !== undefined)
      timing.windows = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '00:00' }];
    const [warn] = routesOf(config, { rule: 'acc', severity: 'warn' }, night) as [Route];
    expect(warn).toMatchObject({ muted: { by: 'nights' }, steps: [] });
  });
});

describe('an alert of another system', () => {
  const withSender = (): Config => {
    const config = exampleConfig();
    const prom = sourceSchema.parse({
      kind: 'alerts',
      category: 'performance',
      runbook: 'any',
      labels: { team: 'ml' },
      severities: { loud: 'critical' },
    });
    // Another object: what is known of sources is kept with theirs.
    config.sources = { ...config.sources, prom };
    config.routes = [
      {
        name: 'prom',
        match: matchersSchema.parse('rule=~"prom/.*",severity="page"'),
        pages: 'nobody',
        tell: [],
        continue: false,
      },
    ];
    return config;
  };

  test.each([
    [{ rule: 'prom/Down', severity: 'loud' }, 'critical', 'long'],
    [{ alertname: 'Down', severity: 'LOUD' }, 'critical', 'long'],
    [{ alertname: 'Down', severity: 'P1', category: 'Drift' }, 'critical', 'long'],
    [{ category: 'performance', severity: 'loud' }, 'critical', 'long'],
  ])('%j has the severity that its word means', (labels, severity, policy) => {
    expect(routesOf(withSender(), labels as Labels)).toMatchObject([{ severity, policy }]);
  });

  test('is matched by its name, and by the word that it came with', () => {
    expect(routesOf(withSender(), { rule: 'prom/Down', severity: 'page' })).toMatchObject([
      { severity: 'critical', nobody: ['prom'] },
    ]);
  });

  test('of severity info pages nobody', () => {
    expect(routesOf(withSender(), { rule: 'prom/Down', severity: 'none' })).toMatchObject([
      { severity: 'info', recorded: true, steps: [] },
    ]);
    expect(routesOf(exampleConfig(), { category: 'drift', severity: 'info' })).toMatchObject([{ recorded: true, steps: [] }]);
  });

  test('with words that nothing knows counts as its source says, which is said', () => {
    const [found] = routesOf(withSender(), { rule: 'prom/Down', severity: 'critcal', category: 'weather' });
    expect(found).toMatchObject({ severity: 'warn', category: 'performance' });
    expect(found?.notes).toEqual([expect.stringContaining('did you mean "critical"?'), expect.stringContaining('weather')]);
  });

  test('of a source that is nearly right gets a suggestion', () => {
    expect(route(withSender(), { rule: 'prm/Down' }, morning)).toEqual({
      ok: false,
      error: 'rule: there is no rule "prm/Down"; did you mean "prom/Down"?',
    });
  });
});

describe('labels that lead nowhere', () => {
  test.each([
    [{ rule: 'nuls' }, 'rule: there is no rule "nuls"; did you mean "nulls"?'],
    [
      { category: 'perf' },
      'category: there is no category "perf"; expected one of data-quality, drift, performance, latency, availability, resource, pipeline',
    ],
    [{ category: 'drift', severity: 'critcal' }, 'severity: there is no severity "critcal"; did you mean "critical"?'],
    [
      { model: 'flight-delays' },
      'expected the label rule or category (data-quality, drift, performance, latency, availability, resource, pipeline), which decides who is paged; received neither',
    ],
  ])('%j', (labels, error) => {
    expect(route(exampleConfig(), labels as Labels, morning)).toEqual({ ok: false, error });
  });
});
