import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import type { SamplesSourceConfig } from '../../core/telemetry/sources/kinds/samples.ts';
import { readConfig } from '../../local/read-config.ts';
import { readRecords } from '../../local/read-records.ts';
import { replay } from '../../local/replay.ts';

const data = '../shared/data';
const absent = (path: string): string =>
  existsSync(path) ? '' : ` (skipped: ${path} is not there; the project does not carry it)`;

/** `rule time` of every alert that fired. */
async function fired(example: string, file: string): Promise<string[]> {
  const read = readConfig(`docs/examples/${example}.yaml`, 'runbooks');
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  const source = Object.keys(read.config.sources)[0] ?? '';
  const { records } = await readRecords(file, read.config.sources[source] as SamplesSourceConfig);
  const entries: TimelineEntry[] = [];
  const { ports, rejected } = await replay({ config: read.config, source, records, observe: (more) => entries.push(...more) });
  await ports.store.close();
  expect(rejected).toBe(0);
  return entries.flatMap(({ kind, at, data: numbers }) =>
    kind === 'alert fired' ? [`${numbers?.rule} ${new Date(at).toISOString().slice(0, 16)}`] : [],
  );
}

const nab = `${data}/nab`;
describe(`the series of the Numenta Anomaly Benchmark${absent(nab)}`, () => {
  it.skipIf(absent(nab) !== '').each([
    [
      'realKnownCause/ec2_request_latency_system_failure',
      ['request-latency 2014-03-18T22:50', 'request-latency 2014-03-21T03:50'],
    ],
    ['realAWSCloudwatch/rds_cpu_utilization_e47b3b', ['database-cpu 2014-04-13T07:20', 'database-cpu 2014-04-19T00:10']],
    ['realAWSCloudwatch/ec2_cpu_utilization_825cc2', ['instance-cpu-drop 2014-04-16T04:05']],
    ['realAWSCloudwatch/ec2_cpu_utilization_5f5533', ['instance-cpu-spike 2014-02-24T22:00']],
  ])('page in what is labelled an anomaly: %s', async (file, alerts) => {
    expect(await fired('nab', `${nab}/${file}.csv`)).toEqual(alerts);
  });
});
