import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { functionNeeds, secretNames } from '../../../core/config/function-needs.ts';
import { deployed } from '../../../core/dry-run/cost/deployed.ts';
import { secretsOf } from '../../../core/dry-run/cost/secrets.ts';
import { parsedConfig } from '../../stack/example-config.ts';
import { resourcesOf, synthesise } from '../../stack/synthesise.ts';

/**
 * lib/ is what is deployed; where a test here fails, core/dry-run/cost/deployed.ts and docs/cost.md
 * have to follow it.
 */
describe('what the estimate takes to be deployed', () => {
  let template: Template;
  beforeAll(() => {
    template = synthesise();
  });
  const propertiesOf = (type: string) => resourcesOf(template, type).map(([, { Properties }]) => Properties);

  it('has the functions of the stack, with their memory', () => {
    const memory = propertiesOf('AWS::Lambda::Function').map(({ MemorySize }) => MemorySize as number);
    expect(Object.values(deployed.functions).toSorted((a, b) => a - b)).toEqual(memory.toSorted((a, b) => a - b));
  });

  it('has the alarms of the stack, each by the metrics that it watches', () => {
    const watched = propertiesOf('AWS::CloudWatch::Alarm').map(({ Metrics }) =>
      Metrics === undefined
        ? 1
        : (Metrics as { MetricStat?: object }[]).filter(({ MetricStat }) => MetricStat !== undefined).length,
    );
    expect(deployed.alarmMetrics).toBe(watched.reduce((sum, one) => sum + one, 0));
    expect(
      propertiesOf('AWS::CloudWatch::Alarm').filter(({ Period }) => Period !== undefined && (Period as number) < 60),
    ).toEqual([]);
    expect(deployed.dashboards).toBe(propertiesOf('AWS::CloudWatch::Dashboard').length);
  });

  it('has the keys of the stack, and the queues that Lambda polls', () => {
    expect(deployed.keys).toBe(propertiesOf('AWS::KMS::Key').length);
    const sources = propertiesOf('AWS::Lambda::EventSourceMapping').map((mapping) => JSON.stringify(mapping['EventSourceArn']));
    expect(deployed.polledQueues).toBe(sources.filter((arn) => arn.includes('Queue')).length);
  });

  it('starts evaluate and sweep each minute, and looks at deployments each fifth', () => {
    const schedules = propertiesOf('AWS::Events::Rule').map(({ ScheduleExpression }) => ScheduleExpression);
    expect(schedules.toSorted()).toEqual(['rate(1 minute)', 'rate(1 minute)', 'rate(5 minutes)']);
    expect(deployed).toMatchObject({ tickMinutes: 1, lookMinutes: 5 });
  });

  it('needs the secrets that the stack needs', () => {
    const config = parsedConfig();
    expect(secretsOf(config)).toEqual(secretNames(functionNeeds(config)));
  });
});
