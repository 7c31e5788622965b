import { describe, expect, it } from 'vitest';
import { logFaults } from '../../core/vocabulary/log-faults.ts';
import { idOf, resourcesOf, synthesise } from './synthesise.ts';

const template = synthesise();
const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm');
const alarm = (part: string) => {
  const id = idOf(template, 'AWS::CloudWatch::Alarm', `SelfMonitoring${part}`);
  return alarms.find(([one]) => one === id)?.[1].Properties ?? {};
};

describe('alarms about Tocsin itself', () => {
  it('go to the topic for faults directly, when they begin and when they end', () => {
    const topic = { Ref: idOf(template, 'AWS::SNS::Topic', 'TopicsFaults') };
    for (const [, { Properties }] of alarms) {
      expect(Properties['AlarmActions']).toEqual([topic]);
      expect(Properties['OKActions']).toEqual([topic]);
    }
  });

  it('ring when evaluation or the sweep is not even started, and take missing data for that', () => {
    for (const part of ['EvaluateStopped', 'SweepStopped']) {
      expect(alarm(part)).toMatchObject({
        TreatMissingData: 'breaching',
        EvaluationPeriods: 5,
        Threshold: 1,
        ComparisonOperator: 'LessThanThreshold',
      });
    }
  });

  it('ring for each dead-letter queue, and for what the stream could not dispatch', () => {
    const names = ['Urgent', 'Pages', 'Slow', 'Rollbacks', 'Wakes'];
    const watched = [...names.map((name) => `${name}DeadLetters`), 'Undispatched'].map((part) =>
      JSON.stringify(alarm(part)['Dimensions']),
    );
    expect(new Set(watched).size).toBe(6);
    for (const queue of [
      'QueuesUrgentDeadLetters',
      'QueuesSlowDeadLetters',
      'QueuesPagesDeadLetters',
      'QueuesRollbacksDeadLetters',
      'QueuesWakesDeadLetters',
      'DeliveryUndispatched',
    ]) {
      expect(watched.some((dimensions) => dimensions.includes(queue))).toBe(true);
    }
  });

  it('ring when pages or rollbacks wait, or the stream runs behind', () => {
    expect(alarm('UrgentLate')).toMatchObject({ MetricName: 'ApproximateAgeOfOldestMessage', Threshold: 60 });
    expect(alarm('PagesLate')).toMatchObject({ MetricName: 'ApproximateAgeOfOldestMessage', Threshold: 150 });
    expect(alarm('RollbacksLate')).toMatchObject({ MetricName: 'ApproximateAgeOfOldestMessage', Threshold: 150 });
    expect(alarm('StreamBehind')).toMatchObject({ MetricName: 'IteratorAge', Threshold: 60_000 });
  });

  it('ring when evaluation falls behind: when judging takes nearly as long as there is between two ticks', () => {
    expect(alarm('EvaluateBehind')).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'Duration',
      Statistic: 'Maximum',
      Threshold: 45_000,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 3,
    });
    const judges = JSON.stringify(alarm('EvaluateStopped')['Dimensions']);
    expect(JSON.stringify(alarm('EvaluateBehind')['Dimensions'])).toBe(judges);
  });

  it.each(['Evaluate', 'Sweep', 'Dispatch', 'Deliver'])('ring when %s, between a sample and its page, is throttled', (verb) => {
    expect(alarm(`${verb}Throttled`)).toMatchObject({ MetricName: 'Throttles', Threshold: 0, DatapointsToAlarm: 2 });
    expect(JSON.stringify(alarm(`${verb}Throttled`)['Dimensions'])).toContain(verb);
  });

  it('ring when the table refuses reads or writes', () => {
    const table = [{ Name: 'TableName', Value: { Ref: idOf(template, 'AWS::DynamoDB::Table', 'Table') } }];
    for (const what of ['Read', 'Write'])
      expect(alarm(`Table${what}sThrottled`)).toMatchObject({ MetricName: `${what}ThrottleEvents`, Dimensions: table });
  });

  it.each([
    ['PagesFailed', 'DeliverLog', logFaults.pageFailed],
    ['EffectsLate', 'SweepLog', logFaults.effectLate],
    ['NobodyTold', 'SweepLog', logFaults.nobodyTold],
    ['RecordsSetAside', 'SweepLog', logFaults.quarantined],
    ['RulesSkipped', 'EvaluateLog', logFaults.rulesSkipped],
  ])('ring for what a log tells, without metrics that have to be asked for: %s', (part, log, text) => {
    const filters = resourcesOf(template, 'AWS::Logs::MetricFilter').map(([, { Properties }]) => Properties);
    const filter = filters.find(({ MetricTransformations }) => JSON.stringify(MetricTransformations).includes(`"${part}"`));
    expect(JSON.stringify(filter?.['LogGroupName'])).toContain(log);
    expect(filter).toMatchObject({
      FilterPattern: `{ $.body = "${text}" }`,
      MetricTransformations: [{ MetricNamespace: 'Tocsin/prod', MetricName: part, MetricValue: '1' }],
    });
    expect(alarm(part)).toMatchObject({
      Namespace: 'Tocsin/prod',
      MetricName: part,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    });
  });

  it('ring for the errors of each function', () => {
    expect(alarms.filter(([, { Properties }]) => Properties['MetricName'] === 'Errors')).toHaveLength(9);
  });

  it('say what they mean', () => {
    for (const [, { Properties }] of alarms) expect(Properties['AlarmDescription']).toMatch(/^Tocsin prod: ./);
  });
});
