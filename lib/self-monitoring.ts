import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { OwnDashboard } from './dashboard.ts';
import type { TocsinFunction } from './tocsin-function.ts';
import type { WorkQueues } from './work-queues.ts';

type Verb = 'Evaluate' | 'Sweep' | 'Wake' | 'Dispatch' | 'Deliver' | 'Rollback' | 'Ingest' | 'Slack' | 'Web';

export type SelfMonitoringProps = {
  stage: string;
  /** Whether metrics of our own are kept, and a dashboard (settings.ownMetrics). */
  ownMetrics: boolean;
  topic: ITopic;
  /** What the config asks of synthetic incidents, in milliseconds (settings.syntheticIncident). */
  synthetic: { every: number; within: number } | undefined;
  functions: Record<Verb, TocsinFunction>;
  queues: WorkQueues;
  undispatched: IQueue;
};

const minute = Duration.minutes(1);

/**
 * Alarms about Tocsin itself, which go from CloudWatch to a topic and need nothing of Tocsin to work: nobody should
 * learn from silence that the watch has fallen asleep.
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
    this.#stopped('SweepStopped', functions.Sweep, 'missed effects and deadlines stay missed');

    for (const [name, one] of Object.entries(functions)) {
      const errors = one.metricErrors({ period: minute, statistic: Stats.SUM });
      this.#above(`${name}Errors`, errors, { threshold: 0, of: 5, atLeast: 2 }, `${name} fails; its log says why`);
    }

    const lines = { Pages: queues.pages, Rollbacks: queues.rollbacks, Wakes: queues.wakes };
    for (const [name, { deadLetters }] of Object.entries(lines)) {
      this.#above(
        `${name}DeadLetters`,
        depth(deadLetters),
        { threshold: 0 },
        `messages of ${name.toLowerCase()} failed for good; docs/deploy.md says what to do`,
      );
    }
    this.#above(
      'Undispatched',
      depth(undispatched),
      { threshold: 0 },
      'part of the stream was not dispatched; the sweep queues its effects, late',
    );
    for (const [name, { queue }] of [
      ['Pages', queues.pages],
      ['Rollbacks', queues.rollbacks],
    ] as const) {
      const age = queue.metricApproximateAgeOfOldestMessage({ period: minute, statistic: Stats.MAXIMUM });
      this.#above(`${name}Late`, age, { threshold: 150 }, `${name.toLowerCase()} wait longer than 150 s to be carried out`);
    }
    const behind = functions.Dispatch.metric('IteratorAge', { period: minute, statistic: Stats.MAXIMUM });
    this.#above('StreamBehind', behind, { threshold: 60_000 }, 'effects wait longer than 60 s to be dispatched');
  }

  /** Rings when it was not even started for five minutes; no data means just that. Failing is another alarm. */
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
   * Rings when a page was late, and when none was heard of: the metric is written by the sweep, so no data is no synthetic
   * incident, or nobody who looks after it. Each span of time that is looked at has one in it, and some minutes to spare.
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
