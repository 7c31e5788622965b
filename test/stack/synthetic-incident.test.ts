import { describe, expect, it } from 'vitest';
import type { Config } from '../../core/config/schema.ts';
import { assume } from '../../core/dry-run/cost/assumptions.ts';
import { billOf } from '../../core/dry-run/cost/bill.ts';
import { deployed } from '../../core/dry-run/cost/deployed.ts';
import { ownDimension, type ownMetrics, ownNamespace } from '../../core/selfcheck/logs/metrics.ts';
import { parsedConfig } from './example-config.ts';
import { idOf, resourcesOf, rightsOf, synthesise } from './synthesise.ts';

const config = parsedConfig();
const topic = 'arn:aws:sns:eu-central-1:111122223333:test';
const withSynthetic = (contact: NonNullable<Config['settings']['syntheticIncident']>['contact']): Config => ({
  ...config,
  settings: { ...config.settings, syntheticIncident: { every: 3_600_000, within: 180_000, contact } },
});
const asked = synthesise({ config: withSynthetic({ kind: 'sns', topic }) });
const alarmsOf = (template: typeof asked) =>
  resourcesOf(template, 'AWS::CloudWatch::Alarm').filter(([id]) => id.includes('SelfMonitoringSyntheticPage'));

describe('the synthetic incident of a deployment', () => {
  it('has an alarm on a page that is late and on one that nobody has heard of, which goes to the topic for faults', () => {
    const [alarm] = alarmsOf(asked);
    const faults = { Ref: idOf(asked, 'AWS::SNS::Topic', 'TopicsFaults') };
    expect(alarm?.[1].Properties).toMatchObject({
      Namespace: ownNamespace,
      MetricName: 'SyntheticTimeToPage' satisfies keyof typeof ownMetrics,
      Dimensions: [{ Name: ownDimension, Value: 'prod' }],
      Statistic: 'Maximum',
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 180_000,
      Period: 65 * 60,
      EvaluationPeriods: 1,
      TreatMissingData: 'breaching',
      AlarmActions: [faults],
      OKActions: [faults],
    });
  });

  it('has no alarm where the config asks for none', () => {
    expect(alarmsOf(synthesise())).toEqual([]);
  });

  it('may publish to its topic, and read the secret of its webhook', () => {
    const publish = rightsOf(asked, 'pages people').find(({ Action }) => Action === 'sns:Publish');
    expect(JSON.stringify(publish?.Resource)).toContain(topic);
    const webhook = { url: 'https://test.example.com/', secret: 'TEST_SECRET' };
    expect(
      JSON.stringify(rightsOf(synthesise({ config: withSynthetic({ kind: 'webhook', ...webhook }) }), 'pages people')),
    ).toContain('secret:tocsin/prod/TEST_SECRET-??????');
  });

  it('costs what the estimate says: an alarm and a metric, and cents for the incidents', () => {
    const own = alarmsOf(asked).length;
    expect(deployed.synthetic).toEqual({ metrics: 1, alarmMetrics: own });
    const bill = (given: Config): number => billOf(given, assume()).usd;
    const more = bill(withSynthetic({ kind: 'sns', topic })) - bill(config);
    expect(more).toBeGreaterThan(0.4);
    expect(more).toBeLessThan(0.65);
  });
});
