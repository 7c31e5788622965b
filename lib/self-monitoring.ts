import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { logFaults } from '../core/vocabulary/log-faults.ts';
import { OwnDashboard } from './dashboard.ts';
import { logFault } from './log-fault.ts';
import type { TocsinFunction } from './tocsin-function.ts';
import type { WorkQueues } from './work-queues.ts';

type Verb = 'Evaluate' | 'Sweep' | 'Wake' | 'Dispatch' | 'Deliver' | 'Rollback' | 'Ingest' | 'Slack' | 'Web';

export type SelfMonitoringProps = {
  stage: string;
  /** Whether settings.ownMetrics asks for metrics and a dashboard. */
  ownMetrics: boolean;
  topic: ITopic;
  /** settings.syntheticIncident, in milliseconds. */
  synthetic: { every: number; within: number } | undefined;
  functions: Record<Verb, TocsinFunction>;
  queues: WorkQueues;
  undispatched: IQueue;
  table: ITable;
};

const minute = Duration.minutes(1);

/** Log messages that report a fault of Tocsin without failing the function. */
const loggedFaults = [
  { id: 'PagesFailed', by: 'Deliver', text: logFaults.pageFailed, meaning: 'a target accepted no page; the timeline says which' },
  {
    id: 'EffectsLate',
    by: 'Sweep',
    text: logFaults.effectLate,
    meaning: 'the oldest undelivered outbox message has been waiting for more than five minutes',
    of: 5,
    atLeast: 2,
  },
  {
    id: 'NobodyTold',
    by: 'Sweep',
    text: logFaults.nobodyTold,
    meaning: 'no contact accepts the pages of an open incident; its timeline says why',
  },
  {
    id: 'RecordsSetAside',
    by: 'Sweep',
    text: logFaults.quarantined,
    meaning: 'a stored record could not be read and was set aside; tocsin quarantine lists it',
  },
  {
    id: 'RulesSkipped',
    by: 'Evaluate',
    text: logFaults.rulesSkipped,
    meaning: 'rules could not be judged; the log of evaluate says why',
    of: 5,
    atLeast: 3,
  },
] as const satisfies { id: string; by: Verb; text: string; meaning: string; of?: number; atLeast?: number }[];

/**
 * Alarms about Tocsin itself. They go from CloudWatch to a topic and need nothing of Tocsin to
 * work: if monitoring stops, somebody must be told.
 */
export class SelfMonitoring extends Construct {
  readonly #props: SelfMonitoringProps;

  constructor(scope: Construct, id: string, props: SelfMonitoringProps) {
    super(scope, id);
    this.#props = props;
    const { functions, queues, undispatched } = props;

    if (props.ownMetrics) new OwnDashboard(this, 'Dashboard', { ...props, synthetic: props.synthetic !== undefined });
    if (props.synthetic !== undefined) this.#syntheticPage(props.synthetic);

    this.#stopped('EvaluateStopped', functions.Evaluate, 'no rule is being judged');
    this.#stopped('SweepStopped', functions.Sweep, 'outbox messages and deadlines that were missed are not recovered');

    for (const [name, one] of Object.entries(functions)) {
      const errors = one.metricErrors({ period: minute, statistic: Stats.SUM });
      this.#above(`${name}Errors`, errors, { threshold: 0, of: 5, atLeast: 2 }, `${name} fails; its log says why`);
    }

    const { urgent, pages, slow, rollbacks, wakes } = queues;
    const lines = { Urgent: urgent, Pages: pages, Slow: slow, Rollbacks: rollbacks, Wakes: wakes };
    for (const [name, { deadLetters }] of Object.entries(lines)) {
      this.#above(
        `${name}DeadLetters`,
        depth(deadLetters),
        { threshold: 0 },
        `messages of ${name.toLowerCase()} failed permanently; docs/deploy.md says what to do`,
      );
    }
    this.#above(
      'Undispatched',
      depth(undispatched),
      { threshold: 0 },
      'part of the stream was not dispatched; the sweep will queue its outbox messages late',
    );
    for (const [name, what, { queue }, threshold] of [
      ['Urgent', 'critical pages', urgent, 60],
      ['Pages', 'pages', pages, 150],
      ['Rollbacks', 'rollbacks', rollbacks, 150],
    ] as const) {
      const age = queue.metricApproximateAgeOfOldestMessage({ period: minute, statistic: Stats.MAXIMUM });
      this.#above(`${name}Late`, age, { threshold }, `${what} wait longer than ${threshold} s`);
    }
    const behind = functions.Dispatch.metric('IteratorAge', { period: minute, statistic: Stats.MAXIMUM });
    this.#above('StreamBehind', behind, { threshold: 60_000 }, 'effects wait longer than 60 s to be dispatched');

    const took = functions.Evaluate.metricDuration({ period: minute, statistic: Stats.MAXIMUM });
    this.#above(
      'EvaluateBehind',
      took,
      { threshold: 45_000, of: 5, atLeast: 3 },
      'judging takes nearly as long as the interval between ticks; docs/watch.md says what to do',
    );
    this.#throttled();
    for (const { id, by, text, meaning, ...bounds } of loggedFaults) {
      const counted = logFault(this, id, { stage: props.stage, log: functions[by].log, text, period: minute });
      this.#above(id, counted, { threshold: 0, ...bounds }, meaning);
    }
  }

  /** Functions between a sample and its page. Those with a public URL have their own limit. */
  #throttled(): void {
    const { functions, table } = this.#props;
    const options = { period: minute, statistic: Stats.SUM };
    for (const verb of ['Evaluate', 'Sweep', 'Dispatch', 'Deliver'] as const) {
      const meaning = `${verb} is throttled: the account is at its concurrency limit`;
      this.#above(`${verb}Throttled`, functions[verb].metricThrottles(options), { threshold: 0, of: 5, atLeast: 2 }, meaning);
    }
    for (const what of ['Read', 'Write'] as const) {
      const meaning = `the table is throttling ${what.toLowerCase()}s`;
      const events = table.metric(`${what}ThrottleEvents`, options);
      this.#above(`Table${what}sThrottled`, events, { threshold: 0, of: 5, atLeast: 3 }, meaning);
    }
  }

  /**
   * Fires when the function was not invoked for five minutes; missing data means exactly that.
   * Failures have another alarm.
   */
  #stopped(id: string, one: TocsinFunction, meaning: string): void {
    this.#ring(
      new Alarm(this, id, {
        metric: one.metricInvocations({ period: minute, statistic: Stats.SUM }),
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        threshold: 1,
        evaluationPeriods: 5,
        treatMissingData: TreatMissingData.BREACHING,
        alarmDescription: this.#described(meaning),
      }),
    );
  }

  /**
   * Fires when a page was late, or when none was reported: the sweep writes the metric, so missing
   * data means no synthetic incident or no sweep. Each evaluation window contains one, with some
   * minutes of slack.
   */
  #syntheticPage({ every, within }: { every: number; within: number }): void {
    const period = Duration.minutes(Math.ceil((every + within) / 60_000) + 2);
    this.#ring(
      new Alarm(this, 'SyntheticPage', {
        metric: new Metric({
          namespace: 'Tocsin',
          metricName: 'SyntheticTimeToPage',
          dimensionsMap: { stage: this.#props.stage },
          period,
          statistic: Stats.MAXIMUM,
        }),
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        threshold: within,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.BREACHING,
        alarmDescription: this.#described('the page of a synthetic incident was late, or did not arrive'),
      }),
    );
  }

  #above(
    id: string,
    metric: IMetric,
    { threshold, of = 1, atLeast = of }: { threshold: number; of?: number; atLeast?: number },
    meaning: string,
  ): void {
    this.#ring(
      new Alarm(this, id, {
        metric,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        threshold,
        evaluationPeriods: of,
        datapointsToAlarm: atLeast,
        treatMissingData: TreatMissingData.NOT_BREACHING,
        alarmDescription: this.#described(meaning),
      }),
    );
  }

  #described(meaning: string): string {
    return `Tocsin ${this.#props.stage}: ${meaning}`;
  }

  #ring(alarm: Alarm): void {
    const action = new SnsAction(this.#props.topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}

const depth = (queue: IQueue): IMetric =>
  queue.metricApproximateNumberOfMessagesVisible({ period: minute, statistic: Stats.MAXIMUM });
