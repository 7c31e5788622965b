import { describe, expect, it } from 'vitest';
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
    const watched = ['PagesDeadLetters', 'RollbacksDeadLetters', 'WakesDeadLetters', 'Undispatched'].map((part) =>
      JSON.stringify(alarm(part)['Dimensions']),
    );
    expect(new Set(watched).size).toBe(4);
    for (const queue of [
      'QueuesPagesDeadLetters',
      'QueuesRollbacksDeadLetters',
      'QueuesWakesDeadLetters',
      'DeliveryUndispatched',
    ]) {
      expect(watched.some((dimensions) => dimensions.includes(queue))).toBe(true);
    }
  });

  it('ring when pages or rollbacks wait, or the stream runs behind', () => {
    expect(alarm('PagesLate')).toMatchObject({ MetricName: 'ApproximateAgeOfOldestMessage', Threshold: 150 });
    expect(alarm('RollbacksLate')).toMatchObject({ MetricName: 'ApproximateAgeOfOldestMessage', Threshold: 150 });
    expect(alarm('StreamBehind')).toMatchObject({ MetricName: 'IteratorAge', Threshold: 60_000 });
  });

  it('ring for the errors of each function', () => {
    expect(alarms.filter(([, { Properties }]) => Properties['MetricName'] === 'Errors')).toHaveLength(9);
  });

  it('say what they mean', () => {
    for (const [, { Properties }] of alarms) expect(Properties['AlarmDescription']).toMatch(/^Tocsin prod: ./);
  });
});
