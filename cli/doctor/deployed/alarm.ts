import {
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  type MetricAlarm,
  SetAlarmStateCommand,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { counted } from '../../../core/vocabulary/counted.ts';
import { formatDuration } from '../../../core/vocabulary/units.ts';
import type { Finding } from '../finding.ts';
import type { AwsClients } from './clients.ts';
import { type Listener, listenerRights, listenTo } from './listener.ts';
import { looked, nameOf, todoFor } from './look.ts';
import { until, type Watch } from './watch.ts';

type Clients = Pick<AwsClients, 'cloudwatch' | 'sns' | 'sqs'>;

/** Names of alarms in one call of DescribeAlarms. */
const perCall = 100;
/** SNS delivers within a second or two. */
const withinMs = 60_000;

/**
 * Sets one alarm of the stack to ALARM and follows it: the action of CloudWatch, the topic, and a
 * message at a subscriber. It is put back whatever happens. Whoever subscribes to the topic hears
 * both, and reads that it is a test.
 */
export async function ringAlarm(clients: Clients, names: readonly string[], stack: string, watch: Watch): Promise<Finding[]> {
  const at = { area: 'alarm', what: 'faults' } as const;
  let alarm: MetricAlarm | undefined;
  const choice = await looked(at, 'cloudwatch:DescribeAlarms', async () => {
    const alarms: MetricAlarm[] = [];
    for (let start = 0; start < names.length; start += perCall) {
      const AlarmNames = names.slice(start, start + perCall);
      alarms.push(
        ...((await clients.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames, MaxRecords: perCall }))).MetricAlarms ?? []),
      );
    }
    alarm = chosen(alarms);
    return choiceOf(at, alarms, alarm);
  });
  const topic = alarm?.AlarmActions?.[0];
  if (alarm?.AlarmName === undefined || topic === undefined || watch.signal.aborted) return [choice];
  return [
    await subscribers(clients, topic),
    ...(await ring(clients, { ...alarm, AlarmName: alarm.AlarmName }, topic, stack, watch)),
  ];
}

const rings = ({ ActionsEnabled, AlarmActions = [] }: MetricAlarm): boolean =>
  ActionsEnabled !== false && AlarmActions.some((arn) => arn.split(':')[2] === 'sns');

/**
 * One that is quiet: setting one that rings already changes nothing, and putting it back would hide
 * a fault.
 */
const chosen = (alarms: readonly MetricAlarm[]): MetricAlarm | undefined =>
  alarms.find((one) => one.StateValue === 'OK' && rings(one)) ??
  alarms.find((one) => one.StateValue === 'INSUFFICIENT_DATA' && rings(one));

function choiceOf(at: Pick<Finding, 'area' | 'what'>, alarms: readonly MetricAlarm[], alarm: MetricAlarm | undefined): Finding {
  if (alarms.length === 0)
    return { ...at, state: 'failed', found: 'the stack has no alarm', todo: 'deploy again; somebody has deleted them' };
  if (!alarms.some(rings))
    return {
      ...at,
      state: 'failed',
      found: 'no alarm of the stack may publish',
      todo: 'aws cloudwatch enable-alarm-actions --alarm-names NAME, or deploy again',
    };
  if (alarm === undefined)
    return {
      ...at,
      state: 'unknown',
      found: `could not ring one: all ${alarms.length} alarms are ringing already`,
      todo: 'see to them first: docs/watch.md#alarms-on-aws',
    };
  return { ...at, state: 'skipped', found: `stopped before ${alarm.AlarmName} was set; nothing was changed` };
}

/** Whether anybody but the doctor hears the topic. */
function subscribers({ sns }: Clients, topic: string): Promise<Finding> {
  const at = { area: 'alarm', what: topic.split(':').at(-1) ?? topic } as const;
  return looked(at, 'sns:GetTopicAttributes', async () => {
    const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn: topic }));
    const [confirmed, pending] = [
      Number(Attributes['SubscriptionsConfirmed'] ?? 0),
      Number(Attributes['SubscriptionsPending'] ?? 0),
    ];
    if (confirmed > 0) return { ...at, state: 'ok', found: `${counted(confirmed, 'subscriber')} of the faults of Tocsin itself` };
    return {
      ...at,
      state: 'failed',
      found: `nobody hears the faults of Tocsin itself${pending === 0 ? '' : `: ${counted(pending, 'subscription')} not confirmed yet`}`,
      todo: `subscribe to the output FaultsTopic and confirm it: aws sns subscribe --topic-arn ${topic} --protocol email --notification-endpoint YOU`,
    };
  });
}

async function ring(
  clients: Clients,
  alarm: MetricAlarm & { AlarmName: string },
  topic: string,
  stack: string,
  watch: Watch,
): Promise<Finding[]> {
  const at = { area: 'alarm', what: alarm.AlarmName } as const;
  const { cloudwatch } = clients;
  let listener: Listener | undefined;
  let deaf: unknown;
  try {
    listener = await listenTo(clients, topic, stack);
  } catch (cause) {
    deaf = cause;
  }
  const findings: Finding[] = [];
  const startedAt = watch.now();
  const StateReason = `a test by tocsin doctor, nothing is wrong; it is put back at once (${new Date(startedAt).toISOString()})`;
  try {
    if (watch.signal.aborted) return [{ ...at, state: 'skipped', found: 'stopped before it was set; nothing was changed' }];
    findings.push(
      await looked(at, 'cloudwatch:SetAlarmState', async () => {
        watch.tell(`set ${alarm.AlarmName} to ALARM; following it to ${topic}, for up to ${formatDuration(withinMs)}`);
        await cloudwatch.send(new SetAlarmStateCommand({ AlarmName: alarm.AlarmName, StateValue: 'ALARM', StateReason }));
        return {
          ...at,
          ...(await followed(clients, { alarm: alarm.AlarmName, startedAt, reason: StateReason }, listener, deaf, watch)),
        };
      }),
    );
  } finally {
    findings.push(...(await putBack(cloudwatch, at, alarm, StateReason)), ...(await closed(listener, topic)));
  }
  return findings;
}

type Ring = { alarm: string; startedAt: number; reason: string };

async function followed(
  { cloudwatch }: Clients,
  { alarm, startedAt, reason }: Ring,
  listener: Listener | undefined,
  deaf: unknown,
  watch: Watch,
): Promise<Pick<Finding, 'state' | 'found' | 'todo'>> {
  const action = async (): Promise<Action | undefined> => {
    const { AlarmHistoryItems = [] } = await cloudwatch.send(
      new DescribeAlarmHistoryCommand({ AlarmName: alarm, HistoryItemType: 'Action', StartDate: new Date(startedAt - 1000) }),
    );
    return AlarmHistoryItems.map(({ HistoryData, HistorySummary }) => actionOf(HistoryData, HistorySummary)).find(
      (one) => one !== undefined,
    );
  };
  let acted: Action | undefined;
  const result = await until<'heard' | Action>(watch, withinMs, async () => {
    if (listener !== undefined && (await listener.heard()).some((text) => text.includes(JSON.stringify(reason).slice(1, -1))))
      return 'heard';
    acted = await action();
    return acted !== undefined && (!acted.ok || listener === undefined) ? acted : undefined;
  });
  if ('found' in result && result.found === 'heard')
    return { state: 'ok', found: `rang, and a subscriber of the topic had its message after ${formatDuration(result.tookMs)}` };
  if ('ended' in result && result.ended === 'stopped')
    return { state: 'unknown', found: 'rang; stopped before its message arrived' };
  if (acted?.ok === false)
    return {
      state: 'failed',
      found: `rang, and CloudWatch could not publish: ${acted.text}`,
      todo: 'the policies of the topic and of its key must let cloudwatch.amazonaws.com in: deploy again',
    };
  const notHeard = deaf === undefined ? '' : `; could not listen at the topic: ${nameOf(deaf)}`;
  if (acted !== undefined)
    return listener === undefined
      ? { state: 'unknown', found: `rang, and CloudWatch published to the topic${notHeard}`, todo: todoFor(deaf, listenerRights) }
      : {
          state: 'failed',
          found: `rang, CloudWatch published to the topic, and no message came to a subscriber within ${formatDuration(withinMs)}`,
          todo: 'look at the delivery status of the topic in SNS, and at its subscription filters',
        };
  return {
    state: 'failed',
    found: `was set to ALARM, and CloudWatch has told nobody within ${formatDuration(withinMs)}${notHeard}`,
    todo: `aws cloudwatch describe-alarm-history --alarm-name ${alarm} --history-item-type Action; the policies of the topic and its key must let CloudWatch in`,
  };
}

type Action = { ok: boolean; text: string };

/** What became of the action of an alarm, from the history's JSON. */
function actionOf(data: string | undefined, summary = ''): Action | undefined {
  try {
    const { actionState, error } = JSON.parse(data ?? '') as { actionState?: string; error?: string };
    if (actionState === 'Succeeded') return { ok: true, text: summary };
    if (actionState === 'Failed') return { ok: false, text: error ?? summary };
  } catch {
    // Not what the documentation shows; the subscriber decides.
  }
  return undefined;
}

/** CloudWatch judges the alarm by itself, too: what it found since is not overwritten. */
async function putBack(
  cloudwatch: AwsClients['cloudwatch'],
  at: { area: 'alarm'; what: string },
  before: MetricAlarm,
  reason: string,
): Promise<Finding[]> {
  const was: StateValue = before.StateValue ?? 'OK';
  try {
    const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [at.what] }));
    // The answer may be older than what was set a moment ago.
    if (![reason, before.StateReason].includes(MetricAlarms?.[0]?.StateReason)) return [];
    const StateReason = 'the test by tocsin doctor is over';
    await cloudwatch.send(new SetAlarmStateCommand({ AlarmName: at.what, StateValue: was, StateReason }));
    return [];
  } catch (cause) {
    return [
      {
        ...at,
        state: 'failed',
        found: `was not put back to ${was}: ${nameOf(cause)}`,
        todo: `CloudWatch puts it back when it next judges it; or: aws cloudwatch set-alarm-state --alarm-name ${at.what} --state-value ${was} --state-reason test-over`,
      },
    ];
  }
}

async function closed(listener: Listener | undefined, topic: string): Promise<Finding[]> {
  try {
    await listener?.close();
    return [];
  } catch (cause) {
    return [
      {
        area: 'alarm',
        what: topic,
        state: 'warn',
        found: `the queue that listened, or its subscription, is still there: ${nameOf(cause)}`,
        todo: 'delete the queue STACK-doctor-... in SQS, and its subscription to the topic',
      },
    ];
  }
}
