import * as z from 'zod';
import { groupBySchema } from '../../../vocabulary/group-by.ts';
import { matchersSchema } from '../../../vocabulary/matchers/matchers-schema.ts';
import { acceptsNoLabels } from '../../../vocabulary/matchers/possible.ts';
import { alertSeveritySchema, categorySchema, labels, name } from '../../../vocabulary/schema-parts.ts';
import { formatDuration, positiveDuration } from '../../../vocabulary/units.ts';
import type { SourceKindOf } from '../source-kind.ts';

/** Each tick looks whether it came. */
const watchdogLookMs = 60_000;

const watchdogSchema = z.strictObject({
  match: matchersSchema
    .refine((match) => !acceptsNoLabels(match), {
      error: 'expected at least one matcher that does not hold for an alert without labels, or every alert would be the watchdog',
    })
    .describe('Which alert it is, such as { alertname: Watchdog }.'),
  within: positiveDuration
    .refine((ms) => ms >= watchdogLookMs, {
      error: ({ input }) =>
        `expected at least ${formatDuration(watchdogLookMs)}, for it is looked at so often; received ${formatDuration(Number(input))}`,
    })
    .prefault('5m')
    .describe('It has to come at least this often. Prometheus sends an alert that fires every minute or so.'),
});

const alertsSource = z.strictObject({
  kind: z
    .literal('alerts')
    .describe('Alerts that another system judges and sends in Alertmanager format, such as Prometheus. Rules cannot query it.'),
  labels: labels.prefault({}).describe('Labels of every alert of this source; they override those sent.'),
  category: categorySchema.describe('The row of the escalation matrix for alerts without a label `category`.'),
  severityLabel: z.string().min(1).prefault('severity').describe('The label that holds the severity.'),
  severities: z
    .record(z.string(), alertSeveritySchema)
    .prefault({})
    .describe(
      'Your own values of that label and their meaning; `info` is recorded and pages nobody. They go before the words of the field, which are known in any case: critical, page, error, fatal, high, P1, sev1 ...; warning, medium, low, P3 ...; info, notice, none, P5 ...',
    ),
  severity: alertSeveritySchema
    .prefault('warn')
    .describe(
      'For alerts without that label, or with a value that nothing says the meaning of; the answer to the sender and the log count those.',
    ),
  runbook: name.describe('For alerts without a label `runbook` and without an annotation `runbook` or `runbook_url`.'),
  owner: z.string().optional().describe('Owner of what is watched, for alerts without a label `owner`; shown on pages.'),
  groupBy: groupBySchema
    .optional()
    .describe(
      'Alerts with equal values of these labels are one incident; ["..."]: each alert is one. Default: `settings.groupBy`.',
    ),
  ignore: z
    .array(
      matchersSchema.refine((match) => !acceptsNoLabels(match), {
        error: 'expected at least one matcher that does not hold for an alert without labels, or every alert would be ignored',
      }),
    )
    .prefault([])
    .describe(
      'Alerts that any of these match are not taken, such as [{ alertname: InfoInhibitor }]. The answer to the sender and the log count them.',
    ),
  watchdog: watchdogSchema
    .optional()
    .describe(
      'The alert that the source sends all the time, such as the Watchdog of kube-prometheus. It opens no incident; if it does not come for `within`, Tocsin pages, critical.',
    ),
  endsAfter: positiveDuration
    .optional()
    .describe(
      'An alert sent without an end ends this long after it was last sent. By default 5m if it was posted as to an Alertmanager, and 5h if a webhook of Alertmanager or Grafana sent it, which repeats it after `repeat_interval`; 7d if it is a check that failed, or an event of PagerDuty or Opsgenie.',
    ),
});

export type AlertsSourceConfig = z.output<typeof alertsSource>;

export const alertsKind = {
  schema: alertsSource,
  query: undefined,
  readFrom: 'nowhere',
  requestsACall: 1,
  lag: () => 0,
  buckets: () => undefined,
  takes: ['alerts'],
  modelLabel: () => ({}),
  fixedLabels: (source) => source.labels,
  otherLabels: () => 'any',
  stepFault: () => undefined,
  keeps: () => undefined,
  permissions: () => [],
  secrets: () => [],
  hint: 'check what sends the alerts',
} satisfies SourceKindOf<AlertsSourceConfig, typeof alertsSource>;
