import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAsking } from '../../core/detection/rules/rule-schema.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import type { SamplesSourceConfig } from '../../core/telemetry/sources/kinds/samples.ts';
import { readConfig } from '../../local/read-config.ts';
import { readRecords } from '../../local/read-records.ts';
import { replay } from '../../local/replay.ts';

const nab = '../shared/data/nab';
const absent = existsSync(nab) ? '' : ` (skipped: ${nab} is not there; the project does not carry it)`;

/** Begin and end of every alert of the rule on one series, through the whole service. */
async function alertsOn(file: string): Promise<string[]> {
  const read = readConfig('docs/examples/nab-anomaly.yaml', 'runbooks');
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  const rules = Object.fromEntries(
    Object.entries(read.config.rules).filter(([, rule]) => isAsking(rule) && rule.query.samples?.metric === basename(file)),
  );
  expect(Object.keys(rules)).toHaveLength(1);
  const { records } = await readRecords(`${nab}/${file}.csv`, read.config.sources['nab'] as SamplesSourceConfig);
  const entries: TimelineEntry[] = [];
  const config = { ...read.config, rules };
  const { ports } = await replay({ config, source: 'nab', records, observe: (more) => entries.push(...more) });
  await ports.store.close();
  return entries.flatMap(({ kind, at, severity }) => {
    const time = new Date(at).toISOString().slice(0, 16);
    if (kind === 'alert fired') return [`${severity} ${time}`];
    return kind === 'alert resolved' ? [`until ${time}`] : [];
  });
}

describe(`series of the Numenta Anomaly Benchmark under \`anomaly: {}\`${absent}`, () => {
  it.skipIf(absent !== '').each([
    {
      file: 'realKnownCause/ec2_request_latency_system_failure',
      what: 'all three labelled failures, and one false alert of 25 minutes',
      alerts: [
        'warn 2014-03-10T01:40',
        'until 2014-03-10T02:05',
        'warn 2014-03-14T09:10',
        'until 2014-03-14T10:10',
        'warn 2014-03-18T22:40',
        'until 2014-03-19T00:30',
        'warn 2014-03-21T03:05',
      ],
    },
    {
      file: 'realAWSCloudwatch/rds_cpu_utilization_e47b3b',
      what: 'both labelled windows and nothing else',
      alerts: ['warn 2014-04-13T06:55', 'until 2014-04-13T09:25', 'warn 2014-04-18T23:30', 'until 2014-04-19T11:55'],
    },
    {
      file: 'realAWSCloudwatch/ec2_cpu_utilization_825cc2',
      what: 'the labelled window, and one false alert of half an hour',
      alerts: ['warn 2014-04-10T15:00', 'until 2014-04-10T15:30', 'warn 2014-04-15T15:45', 'until 2014-04-15T19:00'],
    },
    {
      file: 'realKnownCause/nyc_taxi',
      what: 'three of five labelled windows: the marathon, New Year and the blizzard, but not Thanksgiving and Christmas',
      alerts: [
        'critical 2014-11-02T01:30',
        'until 2014-11-02T08:30',
        'warn 2015-01-01T01:00',
        'until 2015-01-01T09:00',
        'warn 2015-01-27T02:00',
        'until 2015-01-27T18:30',
      ],
    },
  ])('$file: $what', async ({ file, alerts }) => {
    expect(await alertsOn(file)).toEqual(alerts);
  });
});
