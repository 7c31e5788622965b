import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Server, startServer } from '../../local/server.ts';
import { folderOf } from '../cli/run.ts';
import { virtualEnvironment } from '../cloud/python.ts';
import { run } from '../cloud/run.ts';
import { type Site, siteOf } from '../http/site.ts';
import { type OpenPrometheus, openPrometheus } from './open-prometheus.ts';
import { whyNoPrometheus } from './real-prometheus.ts';

const reason = whyNoPrometheus();

/**
 * Reads a text by the reference implementation of the format, and prints the names of its families.
 */
const parse = `
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
for family in text_string_to_metric_families(open(sys.argv[1], encoding='utf-8').read()):
    print(family.name, family.type, len(family.samples))
`;

describe('what /metrics says', () => {
  let site: Site;
  let server: Server;
  let prometheus: OpenPrometheus | undefined;
  beforeAll(async () => {
    site = siteOf({
      settings: { webPassword: 'WEB', metrics: { key: 'METRICS', judgements: true } },
      secrets: { WEB: 'word', METRICS: 'scrape' },
      access: 'public',
    });
    await site.incident({ 'weird label': 'a"b\\c\nd', rule: 'mine', __name__: 'x', ümlaut: 'ü' });
    await site.story.pass('1m');
    server = await startServer(site.app, 0);
    if (reason !== undefined) return;
    prometheus = await openPrometheus(`global: { scrape_interval: 1s }
scrape_configs:
  - job_name: tocsin
    authorization: { credentials: scrape }
    static_configs: [{ targets: ['${new URL(server.url).host}'] }]
`);
  });
  afterAll(async () => {
    await prometheus?.kill();
    await server.close();
  });

  test('the reference implementation of OpenMetrics reads it', async ({ skip }) => {
    const headers = { Authorization: 'Bearer scrape', Accept: 'application/openmetrics-text; version=1.0.0' };
    const text = await (await site.get('/metrics', headers)).text();
    const python = await virtualEnvironment('openmetrics', join(import.meta.dirname, 'metrics.txt'));
    if (!python.ok) return skip(python.missing);
    const folder = folderOf({ 'metrics.txt': text, 'parse.py': parse });
    const { output, status } = await run(python.python, [join(folder, 'parse.py'), join(folder, 'metrics.txt')]);
    expect([status, output]).toEqual([0, expect.stringMatching(/^tocsin_rule_value gauge \d+$/m)]);
    expect(output).toMatch(/^tocsin_rule_judged_timestamp_seconds gauge 1$/m);
  });

  describe.skipIf(reason !== undefined)(`a real Prometheus${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
    const asked = async (query: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]> => {
      const answer = await fetch(`${prometheus?.url}/api/v1/query?${new URLSearchParams({ query })}`);
      return ((await answer.json()) as { data: { result: [] } }).data.result;
    };

    test('scrapes it with the key, and has value, bound and incidents', async () => {
      await expect.poll(() => asked('up{job="tocsin"} == 1')).toHaveLength(1);
      await expect.poll(() => asked('tocsin_open_incidents')).toHaveLength(1);
      expect(await asked('tocsin_rule_value > tocsin_rule_bound')).toHaveLength(1);
      const [series] = await asked('tocsin_rule_verdict == 2');
      expect(series?.metric).toMatchObject({ weird_label: 'a"b\\c\nd', exported_rule: 'mine' });
    });
  });
});
