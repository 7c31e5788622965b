import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { TocsinFunction } from './tocsin-function.ts';
import type { WorkQueues } from './work-queues.ts';

const minute = Duration.minutes(1);

export type OwnDashboardProps = {
  stage: string;
  functions: Record<'Evaluate' | 'Deliver', TocsinFunction> & Record<string, TocsinFunction>;
  queues: WorkQueues;
  /** Whether settings.syntheticIncident is on. */
  synthetic: boolean;
};

/** Tocsin's own state on one page: judged, delivered, waiting, failed. */
export class OwnDashboard extends Construct {
  constructor(scope: Construct, id: string, { stage, functions, queues, synthetic }: OwnDashboardProps) {
    super(scope, id);
    // Names as in core/selfcheck/logs/metrics.ts; a test compares them.
    const own = (metricName: string, statistic: string): Metric =>
      new Metric({ namespace: 'Tocsin', metricName, dimensionsMap: { stage }, period: minute, statistic });
    const graph = (title: string, left: IMetric[], right: IMetric[] = []): GraphWidget =>
      new GraphWidget({ title, left, right, width: 12, height: 6 });
    const age = (queue: IQueue, label: string): IMetric =>
      queue.metricApproximateAgeOfOldestMessage({ period: minute, statistic: Stats.MAXIMUM, label });
    const depth = (queue: IQueue, label: string): IMetric =>
      queue.metricApproximateNumberOfMessagesVisible({ period: minute, statistic: Stats.MAXIMUM, label });
    const errors = Object.entries(functions).map(([label, one]) =>
      one.metricErrors({ period: minute, statistic: Stats.SUM, label }),
    );
    const throttles = Object.entries(functions).map(([label, one]) =>
      one.metricThrottles({ period: minute, statistic: Stats.SUM, label }),
    );
    const lines = [
      ['urgent', queues.urgent],
      ['pages', queues.pages],
      ['slow', queues.slow],
      ['rollbacks', queues.rollbacks],
      ['wakes', queues.wakes],
    ] as const;

    const took = (one: TocsinFunction, label: string): IMetric =>
      one.metricDuration({ period: minute, statistic: Stats.MAXIMUM, label });
    const started = (one: TocsinFunction, label: string): IMetric =>
      one.metricInvocations({ period: minute, statistic: Stats.SUM, label });
    const { Evaluate, Deliver } = functions;
    const kept = [
      [
        graph('Runs per minute', [started(Evaluate, 'evaluate'), started(Deliver, 'deliver')]),
        graph('Duration', [took(Evaluate, 'evaluate'), took(Deliver, 'deliver')]),
      ],
      [
        graph(
          'Queues: age of the oldest message',
          lines.map(([name, { queue }]) => age(queue, name)),
        ),
        graph(
          'Dead letters',
          lines.map(([name, { deadLetters }]) => depth(deadLetters, name)),
        ),
      ],
      [graph('Function errors', errors), graph('Function throttles', throttles)],
    ];
    const ours = [
      [
        graph('Judged: rules and series', [own('Rules', Stats.SUM), own('SkippedRules', Stats.SUM)], [own('Series', Stats.SUM)]),
        graph('Ticks: duration and interval', [own('EvaluateDuration', Stats.MAXIMUM), own('TickGap', Stats.MAXIMUM)]),
      ],
      [
        graph('Effects handled', [
          own('EffectsDone', Stats.SUM),
          own('EffectsPostponed', Stats.SUM),
          own('EffectsFailed', Stats.SUM),
        ]),
        graph('Delay of effects', [
          own('EffectAge', Stats.p(50)),
          own('EffectAge', Stats.p(99)),
          own('OldestEffectAge', Stats.MAXIMUM),
        ]),
      ],
      [
        graph('Open incidents', [own('OpenIncidents', Stats.MAXIMUM)], [own('LateEffects', Stats.SUM)]),
        graph('Consistency check, and what cannot be read', [
          own('IncidentsRepaired', Stats.SUM),
          own('IncidentsUnrepaired', Stats.SUM),
          own('Quarantined', Stats.MAXIMUM),
        ]),
        graph('Labels of the last day without a prediction', [own('UnmatchedLabels', Stats.MAXIMUM)]),
        graph('Alerts that sources ignore', [own('IgnoredAlerts', Stats.SUM)]),
      ],
      ...(synthetic ? [[graph('Synthetic incident: time to page', [own('SyntheticTimeToPage', Stats.MAXIMUM)])]] : []),
    ];
    new Dashboard(this, 'Page', { dashboardName: `Tocsin-${stage}`, widgets: [...ours, ...kept] });
  }
}
