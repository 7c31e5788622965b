import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { importAlertmanager } from '../../cli/import/alertmanager/import.ts';
import { exclusive, readExpression } from '../../cli/import/prometheus-rules/expression.ts';
import { routed } from '../../core/alerting/routes/route.ts';
import { readDocument } from '../../core/config/document.ts';
import { loadConfig } from '../../core/config/load.ts';
import { type OpenPrometheus, openPrometheus } from './open-prometheus.ts';
import { whyNoPrometheus } from './real-prometheus.ts';

const noAmtool = spawnSync('amtool', ['--version']).status === 0 ? undefined : 'amtool is not on this machine';
const noPrometheus = whyNoPrometheus();

const file = `
global: {slack_api_url: 'http://127.0.0.1:9'}
route:
  receiver: default
  routes:
    - receiver: critical
      matchers: ['severity="critical"']
      routes:
        - {receiver: db, matchers: ['service=~"postgres|redis"']}
        - {receiver: web, match_re: {service: 'web-.*'}}
    - receiver: db
      match: {team: storage}
    - receiver: nobody
      matchers: ['environment!~"prod.*"', 'environment!=""']
    - {matchers: ['team=""'], receiver: web}
receivers:
  - {name: default, slack_configs: [{channel: '#default'}]}
  - {name: critical, slack_configs: [{channel: '#critical'}]}
  - {name: db, slack_configs: [{channel: '#db'}]}
  - {name: web, slack_configs: [{channel: '#web'}]}
  - {name: nobody}
`;

describe.skipIf(noAmtool !== undefined)(
  `routes as amtool sees them${noAmtool === undefined ? '' : ` (skipped: ${noAmtool})`}`,
  () => {
    let folder = '';
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'tocsin-import-'));
      writeFileSync(join(folder, 'alertmanager.yml'), file);
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test('an imported route pages whom amtool names', () => {
      const read = readDocument({ path: 'alertmanager.yml', text: file });
      if (!read.ok) throw new Error('expected YAML');
      const { config: written } = importAlertmanager(read.document, { source: 'p', category: 'availability', runbook: 'look' });
      const loaded = loadConfig([{ path: 'a.yaml', text: stringify(written) }], new Set(['look', 'source-failing']));
      if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
      const { routes, policies, channels, matrix } = loaded.config;
      const values = {
        severity: ['critical', 'warning'],
        service: ['', 'postgres', 'web-1', 'xweb-1'],
        team: ['', 'storage'],
        environment: ['', 'production', 'dev'],
      };
      const alerts = Object.entries(values).reduce<Record<string, string>[]>(
        (all, [label, some]) =>
          all.flatMap((labels) => some.map((value) => (value === '' ? labels : { ...labels, [label]: value }))),
        [{ alertname: 'X' }],
      );
      for (const labels of alerts) {
        const args = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
        const named = execFileSync('amtool', [
          'config',
          'routes',
          'test',
          `--config.file=${join(folder, 'alertmanager.yml')}`,
          ...args,
        ]);
        const to = routed(routes, { labels, own: { rule: 'p/X', category: 'availability', severity: 'warn' } });
        const target = to.nobody ? undefined : policies[to.policy ?? matrix.default.warn.policy]?.tiers[0]?.targets[0];
        const contact = channels[target?.channel ?? ''];
        expect([labels, contact?.kind === 'slack' ? contact.channel : 'nobody']).toEqual([labels, named.toString().trim()]);
      }
    });
  },
);

/** Two series, with the values 1 and 5. */
const two = '(label_replace(vector(1), "a", "x", "", "") or label_replace(vector(5), "a", "y", "", ""))';

describe.skipIf(noPrometheus !== undefined)(
  `expressions as a real Prometheus sees them${noPrometheus === undefined ? '' : ` (skipped: ${noPrometheus})`}`,
  () => {
    let prometheus: OpenPrometheus;
    beforeAll(async () => {
      prometheus = await openPrometheus();
    });
    afterAll(() => prometheus.kill());

    type Series = { metric: Record<string, string>; value: [number, string] };
    async function asked(query: string): Promise<Series[]> {
      const answer = await fetch(`${prometheus.url}/api/v1/query?${new URLSearchParams({ query })}`);
      const body: unknown = await answer.json();
      expect(body, query).toMatchObject({ status: 'success', data: { resultType: 'vector' } });
      return (body as { data: { result: Series[] } }).data.result;
    }
    const labelsOf = (all: readonly Series[]): string[] => all.map(({ metric }) => JSON.stringify(metric)).toSorted();

    test.each([
      `${two} > 1`,
      `${two} >= 1`,
      `${two} < 5`,
      `${two} <= 5`,
      `3 < ${two}`,
      `(${two} > (3))`,
      `-${two} < -1`,
      `${two} > -1`,
      `${two} == 5`,
      `${two} != 5`,
      `${two} > 0 and ${two} < 3`,
      `${two} > 0 unless ${two} > 3`,
      `${two} > bool 3`,
      `${two} > on (a) ${two} - 1`,
      `absent(${two})`,
      'absent(nothing{job="x"})',
      `${two} > 3 # only y`,
      `# first\n${two}\n> 3`,
      `max without (a) (${two}) > 4.5e0`,
    ])('%s fires for the same series', async (expression) => {
      const read = readExpression(expression);
      if (!read.ok) throw new Error(read.reason);
      const { compared } = read;
      const fires = (value: number): boolean => {
        if (compared.by === 'presence') return value > 0.5;
        const bound = compared.includesBound ? exclusive(compared.bound, compared.side) : compared.bound;
        return compared.side === 'above' ? value > bound : value < bound;
      };
      const found = (await asked(compared.query)).filter(({ value }) => fires(Number(value[1])));
      expect(labelsOf(found)).toEqual(labelsOf(await asked(expression)));
    });
  },
);
