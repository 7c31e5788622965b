import {
  DashboardBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as TimeseriesPanel } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Category } from '../core/vocabulary/schema-parts.ts';

/** A chart: each query with its legend. `repeat`: one for each value of that variable. */
type Chart = {
  title: string;
  about: string;
  unit?: string;
  repeat?: string;
  queries: readonly (readonly [query: string, legend: string])[];
};
type Board = {
  uid: string;
  title: string;
  about: string;
  categories?: readonly Category[];
  rows: readonly { title: string; charts: readonly Chart[] }[];
};

const source = { type: 'prometheus', uid: '$datasource' };

/** Value, baseline and bound of each rule of some categories. */
const judged = (categories: readonly Category[]): Chart => {
  const of = `category=~"${categories.join('|')}", rule=~"$rule"`;
  return {
    title: '$rule',
    about: 'What was judged, what it was compared with, and the bound.',
    repeat: 'rule',
    queries: [
      [`tocsin_rule_value{${of}}`, 'value {{model}} {{instance}}'],
      [`tocsin_rule_baseline{${of}}`, 'baseline {{model}}'],
      [`tocsin_rule_bound{${of}}`, 'bound {{model}}'],
    ],
  };
};

const verdicts = (categories: readonly Category[]): Chart => ({
  title: 'Verdicts',
  about: '0 ok, 1 warn, 2 critical, -1 not judged.',
  queries: [[`max by (rule) (tocsin_rule_verdict{category=~"${categories.join('|')}"})`, '{{rule}}']],
});

const ofCategories = (
  uid: string,
  title: string,
  about: string,
  categories: readonly Category[],
  rows: Board['rows'] = [],
): Board => ({
  uid,
  title,
  about,
  categories,
  rows: [
    { title: 'All rules', charts: [verdicts(categories)] },
    ...rows,
    { title: 'Rule by rule', charts: [judged(categories)] },
  ],
});

const jobs: Board['rows'][number] = {
  title: 'Jobs',
  charts: [
    {
      title: 'Completion times',
      about: 'How long the last run of each job took.',
      unit: 's',
      queries: [['tocsin_heartbeat_duration_seconds', '{{heartbeat}}']],
    },
    {
      title: 'Since the last success',
      about: 'Time since each job last succeeded.',
      unit: 's',
      queries: [['time() - tocsin_heartbeat_success_timestamp_seconds', '{{heartbeat}}']],
    },
    {
      title: 'In trouble',
      about: '1 if a job is late, failed, or will miss its deadline.',
      queries: [['tocsin_heartbeat_in_trouble', '{{heartbeat}}']],
    },
  ],
};

const tocsin: Board = {
  uid: 'tocsin-itself',
  title: 'Tocsin itself',
  about: 'Whether rules are judged and pages arrive.',
  rows: [
    {
      title: 'What is open',
      charts: [
        {
          title: 'Open incidents',
          about: 'By status and severity.',
          queries: [['sum by (status, severity) (tocsin_incidents) or tocsin_open_incidents', '{{status}} {{severity}}']],
        },
        { title: 'Rules', about: 'By how they are.', queries: [['tocsin_rules', '{{state}}']] },
        {
          title: 'Time to acknowledge',
          about: 'Of incidents of the last 7 days.',
          unit: 's',
          queries: [['tocsin_time_to_acknowledge_seconds', 'quantile {{quantile}}']],
        },
      ],
    },
    {
      title: 'Whether it works',
      charts: [
        { title: 'Health', about: '1 for the state of /healthz.', queries: [['tocsin_health', '{{status}}']] },
        {
          title: 'Since the last tick and sweep',
          about: 'Rules and deadlines are looked at each minute.',
          unit: 's',
          queries: [
            ['time() - tocsin_last_tick_timestamp_seconds', 'tick'],
            ['time() - tocsin_last_sweep_timestamp_seconds', 'sweep'],
          ],
        },
        {
          title: 'Tick',
          about: 'How long it took to judge.',
          unit: 's',
          queries: [['tocsin_tick_duration_seconds', 'duration']],
        },
        { title: 'Undelivered pages', about: 'Due now, or held back.', queries: [['tocsin_pages', '{{state}}']] },
        {
          title: 'Oldest delivery',
          about: 'How long the oldest undelivered message has been due.',
          unit: 's',
          queries: [['tocsin_oldest_delivery_age_seconds', 'age']],
        },
        {
          title: 'Reached nobody',
          about: 'Open incidents that nobody has been told of.',
          queries: [['tocsin_untold_incidents', 'incidents']],
        },
      ],
    },
    {
      title: 'What it uses',
      charts: [
        {
          title: 'Memory',
          about: 'Of the process, on one machine.',
          unit: 'bytes',
          queries: [['process_resident_memory_bytes{job="tocsin"}', '{{instance}}']],
        },
        {
          title: 'Processor',
          about: 'Cores in use, on one machine.',
          queries: [['rate(process_cpu_seconds_total{job="tocsin"}[$__rate_interval])', '{{instance}}']],
        },
      ],
    },
  ],
};

const boards: readonly Board[] = [
  ofCategories('tocsin-models', 'Models', 'How well models do, and how their inputs and predictions move.', [
    'performance',
    'drift',
  ]),
  ofCategories('tocsin-data-quality', 'Data quality', 'Validation errors, missing or corrupt data.', ['data-quality']),
  ofCategories(
    'tocsin-pipelines',
    'Pipeline stages',
    'Throughput, latency, queue depth and completion times.',
    ['pipeline', 'latency'],
    [jobs],
  ),
  ofCategories('tocsin-resources', 'Resources', 'Memory, disk, processors, quotas, and whether services answer.', [
    'resource',
    'availability',
  ]),
  tocsin,
];

/** The dashboards, by the name of their file. */
export const dashboards = (): { name: string; text: string }[] =>
  boards.map((board) => ({ name: `${board.uid}.json`, text: `${JSON.stringify(built(board), null, 2)}\n` }));

function built({ uid, title, about, categories, rows }: Board): unknown {
  const board = new DashboardBuilder(title)
    .uid(uid)
    .description(about)
    .tags(['tocsin'])
    .refresh('30s')
    .time({ from: 'now-6h', to: 'now' })
    .withVariable(new DatasourceVariableBuilder('datasource').type('prometheus').label('Prometheus'));
  if (categories !== undefined)
    board.withVariable(
      new QueryVariableBuilder('rule')
        .label('Rule')
        .datasource(source)
        .query(`label_values(tocsin_rule_verdict{category=~"${categories.join('|')}"}, rule)`)
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .multi(true)
        .includeAll(true)
        .current({ text: 'All', value: '$__all' }),
    );
  for (const row of rows) {
    board.withRow(new RowBuilder(row.title));
    for (const chart of row.charts) board.withPanel(panelOf(chart));
  }
  return board.build();
}

function panelOf({ title, about, unit, repeat, queries }: Chart): TimeseriesPanel {
  const panel = new TimeseriesPanel().title(title).description(about).datasource(source).height(8).span(8);
  for (const [query, legend] of queries)
    panel.withTarget(new DataqueryBuilder().expr(query).legendFormat(legend).datasource(source).range());
  if (unit !== undefined) panel.unit(unit);
  if (repeat !== undefined) panel.repeat(repeat).repeatDirection('h').maxPerRow(3);
  return panel;
}
