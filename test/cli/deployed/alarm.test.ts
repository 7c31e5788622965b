import { hash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ringAlarm } from '../../../cli/doctor/deployed/alarm.ts';
import type { Answer } from '../../contract/stand-in.ts';
import { awsStandIn, failedJson, json, watching, xml } from './aws.ts';

const topic = 'arn:aws:sns:eu-central-1:111122223333:Faults';
const sns = 'http://sns.amazonaws.com/doc/2010-03-31/';
type State = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
type Alarm = { AlarmName: string; StateValue: State; StateReason: string; ActionsEnabled: boolean; AlarmActions: string[] };
const alarmIn = (name: string, state: State = 'OK', more: Partial<Alarm> = {}): Alarm => ({
  AlarmName: name,
  StateValue: state,
  StateReason: 'no datapoints were received',
  ActionsEnabled: true,
  AlarmActions: [topic],
  ...more,
});

let close: (() => Promise<void>) | undefined;
afterEach(async () => {
  await close?.();
  close = undefined;
  vi.unstubAllEnvs();
});

/**
 * CloudWatch, SNS and SQS as far as an alarm goes through them. `refuse` says which calls are not
 * let.
 */
async function account(
  alarms: Alarm[],
  {
    subscribers = 1,
    delivers = true,
    action = 'Succeeded' as 'Succeeded' | 'Failed' | 'none',
    refuse = (_: string, __: number): Answer | undefined => undefined,
  } = {},
) {
  const queue: string[] = [];
  const left = { queues: 0, subscriptions: 0 };
  const set: [string, string][] = [];
  let acted: string | undefined;
  const times = new Map<string, number>();
  const on = { set: (): void => {} };
  const { server, clients, calls } = await awsStandIn(({ action: call, json: sent, fields }) => {
    times.set(call, (times.get(call) ?? 0) + 1);
    const refused = refuse(call, times.get(call) ?? 0);
    if (refused !== undefined) return refused;
    switch (call) {
      case 'DescribeAlarms':
        return json({ MetricAlarms: alarms.filter(({ AlarmName }) => (sent['AlarmNames'] as string[]).includes(AlarmName)) });
      case 'SetAlarmState': {
        const alarm = alarms.find(({ AlarmName }) => AlarmName === sent['AlarmName']) as Alarm;
        set.push([alarm.AlarmName, String(sent['StateValue'])]);
        Object.assign(alarm, { StateValue: sent['StateValue'], StateReason: sent['StateReason'] });
        acted = action;
        if (delivers && left.subscriptions > 0)
          queue.push(
            JSON.stringify({ AlarmName: alarm.AlarmName, NewStateValue: alarm.StateValue, NewStateReason: alarm.StateReason }),
          );
        on.set();
        return json({});
      }
      case 'DescribeAlarmHistory': {
        // The shape of CloudWatch's history: the data is JSON in a text.
        const data = {
          actionState: acted,
          stateUpdateTimestamp: 1767603600000,
          notificationResource: topic,
          publishedMessage: null,
          error: acted === 'Failed' ? 'CloudWatch Alarms is not authorized to perform: SNS:Publish' : null,
        };
        const item = {
          AlarmName: sent['AlarmName'],
          AlarmType: 'MetricAlarm',
          HistoryItemType: 'Action',
          HistorySummary: 'executed action',
          HistoryData: JSON.stringify(data),
        };
        return json({ AlarmHistoryItems: acted === undefined || acted === 'none' ? [] : [item] });
      }
      case 'GetTopicAttributes':
        return xml(
          call,
          `<Attributes><entry><key>SubscriptionsConfirmed</key><value>${subscribers}</value></entry><entry><key>SubscriptionsPending</key><value>1</value></entry></Attributes>`,
          sns,
        );
      case 'CreateQueue':
        left.queues += 1;
        return json({ QueueUrl: `${server.url}/111122223333/q` });
      case 'GetQueueAttributes':
        return json({ Attributes: { QueueArn: 'arn:aws:sqs:eu-central-1:111122223333:q' } });
      case 'SetQueueAttributes':
        return json({});
      case 'Subscribe':
        left.subscriptions += 1;
        return xml(call, `<SubscriptionArn>${fields.get('TopicArn')}:1</SubscriptionArn>`, sns);
      case 'ReceiveMessage':
        return json({
          Messages: queue
            .splice(0)
            .map((Body, n) => ({ MessageId: String(n), ReceiptHandle: 'r', Body, MD5OfBody: hash('md5', Body) })),
        });
      case 'Unsubscribe':
        left.subscriptions -= 1;
        return xml(call, '', sns);
      case 'DeleteQueue':
        left.queues -= 1;
        return json({});
      default:
        return undefined;
    }
  });
  close = server.close;
  const watch = watching();
  const ring = (names = alarms.map(({ AlarmName }) => AlarmName)) => ringAlarm(clients, names, 'Tocsin-prod', watch);
  return { ring, watch, set, left, calls, on };
}

describe('an alarm that the doctor rings', () => {
  it('is followed to a message at a subscriber, put back, and leaves nothing behind', async () => {
    const alarms = [alarmIn('One', 'ALARM'), alarmIn('Two')];
    const { ring, set, left } = await account(alarms);
    expect(await ring()).toMatchObject([
      { area: 'alarm', what: 'Faults', state: 'ok' },
      { area: 'alarm', what: 'Two', state: 'ok', found: expect.stringMatching(/a subscriber of the topic had its message/) },
    ]);
    expect(set).toEqual([
      ['Two', 'ALARM'],
      ['Two', 'OK'],
    ]);
    expect(left).toEqual({ queues: 0, subscriptions: 0 });
    expect(alarms[0]?.StateValue).toBe('ALARM');
  });

  it('says to whoever hears it that it is a test', async () => {
    const { ring, calls } = await account([alarmIn('One')]);
    await ring();
    const [first] = calls.filter(({ action }) => action === 'SetAlarmState');
    expect(first?.json['StateReason']).toMatch(/^a test by tocsin doctor, nothing is wrong/);
  });

  it.each<[string, Alarm[], string]>([
    ['all ring already', [alarmIn('One', 'ALARM'), alarmIn('Two', 'ALARM')], 'unknown'],
    ['no action is enabled', [alarmIn('One', 'OK', { ActionsEnabled: false })], 'failed'],
    ['none has an action', [alarmIn('One', 'OK', { AlarmActions: [] })], 'failed'],
    ['there is none', [], 'failed'],
  ])('is not set where %s', async (_, alarms, state) => {
    const { ring, set } = await account(alarms);
    expect(await ring()).toMatchObject([{ area: 'alarm', what: 'faults', state }]);
    expect(set).toEqual([]);
  });

  it('that had no data is put back to that', async () => {
    const { ring, set } = await account([alarmIn('One', 'INSUFFICIENT_DATA')]);
    await ring();
    expect(set.at(-1)).toEqual(['One', 'INSUFFICIENT_DATA']);
  });

  it('fails where CloudWatch may not publish, and says what AWS says', async () => {
    const { ring, set, left } = await account([alarmIn('One')], { delivers: false, action: 'Failed' });
    expect((await ring())[1]).toMatchObject({
      state: 'failed',
      found: expect.stringMatching(/could not publish: .*SNS:Publish/),
      todo: expect.stringMatching(/policies of the topic/),
    });
    expect(set.at(-1)).toEqual(['One', 'OK']);
    expect(left).toEqual({ queues: 0, subscriptions: 0 });
  });

  it('fails where the topic delivers nothing, and where CloudWatch does nothing, within a minute', async () => {
    const silent = await account([alarmIn('One')], { delivers: false });
    expect((await silent.ring())[1]).toMatchObject({
      state: 'failed',
      found: expect.stringMatching(/published to the topic, and no message came .* within 1m$/),
    });
    await close?.();
    const still = await account([alarmIn('One')], { delivers: false, action: 'none' });
    expect((await still.ring())[1]).toMatchObject({
      state: 'failed',
      found: expect.stringMatching(/has told nobody within 1m/),
      todo: expect.stringMatching(/describe-alarm-history/),
    });
    expect(still.set.at(-1)).toEqual(['One', 'OK']);
  });

  it('fails where nobody subscribes', async () => {
    const { ring } = await account([alarmIn('One')], { subscribers: 0 });
    expect((await ring())[0]).toMatchObject({ state: 'failed', todo: expect.stringMatching(/aws sns subscribe --topic-arn/) });
  });

  it.each(['CreateQueue', 'SetQueueAttributes', 'Subscribe'])(
    'is known from its history alone where %s is not let, and leaves nothing behind',
    async (denied) => {
      const { ring, left, set } = await account([alarmIn('One')], {
        refuse: (action) => (action === denied ? failedJson('AccessDeniedException', 'no', 400) : undefined),
      });
      expect((await ring())[1]).toMatchObject({
        state: 'unknown',
        found: expect.stringMatching(/CloudWatch published to the topic; could not listen/),
      });
      expect(left).toEqual({ queues: 0, subscriptions: 0 });
      expect(set.at(-1)).toEqual(['One', 'OK']);
    },
  );

  it('is not set by who may not', async () => {
    const { ring, left } = await account([alarmIn('One')], {
      refuse: (action) => (action === 'SetAlarmState' ? failedJson('AccessDenied', 'no') : undefined),
    });
    expect((await ring())[1]).toMatchObject({ state: 'unknown', todo: expect.stringMatching(/^allow cloudwatch:SetAlarmState/) });
    expect(left).toEqual({ queues: 0, subscriptions: 0 });
  });

  it('is put back after Ctrl-C, and not set after it', async () => {
    const during = await account([alarmIn('One')], { delivers: false, action: 'none' });
    during.on.set = () => during.watch.stop();
    expect((await during.ring())[1]).toMatchObject({
      state: 'unknown',
      found: expect.stringMatching(/stopped before its message/),
    });
    expect(during.set).toEqual([
      ['One', 'ALARM'],
      ['One', 'OK'],
    ]);
    expect(during.left).toEqual({ queues: 0, subscriptions: 0 });
    await close?.();
    const before = await account([alarmIn('One')]);
    before.watch.stop();
    expect(await before.ring()).toMatchObject([{ state: 'skipped' }]);
    expect(before.set).toEqual([]);
  });

  it('is left as CloudWatch found it meanwhile', async () => {
    const alarms = [alarmIn('One')];
    const { ring, set, on } = await account(alarms);
    on.set = () => Object.assign(alarms[0] as Alarm, { StateReason: 'Threshold Crossed: 2 datapoints' });
    await ring();
    expect(set).toEqual([['One', 'ALARM']]);
  });

  it('that could not be put back is a failure of its own, with the command that does it', async () => {
    const { ring } = await account([alarmIn('One')], {
      refuse: (action, n) => (action === 'SetAlarmState' && n > 1 ? failedJson('ThrottlingException', 'slow') : undefined),
    });
    expect(await ring()).toContainEqual(
      expect.objectContaining({
        what: 'One',
        state: 'failed',
        todo: expect.stringMatching(/aws cloudwatch set-alarm-state --alarm-name One --state-value OK/),
      }),
    );
  });

  it('whose listener could not be removed says so', async () => {
    const { ring } = await account([alarmIn('One')], {
      refuse: (action) => (action === 'DeleteQueue' ? failedJson('AccessDeniedException', 'no') : undefined),
    });
    expect(await ring()).toContainEqual(
      expect.objectContaining({ state: 'warn', todo: expect.stringMatching(/delete the queue/) }),
    );
  });
});
