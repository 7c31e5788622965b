import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { config, folderOf, root, tocsin } from './run.ts';

const alerts = config.replace('sources:', 'sources:\n  checks: { kind: alerts, category: data-quality, runbook: latency }');
const mapping = `intakes:
  soda:
    each: "checks[?outcome != 'skipped']"
    resolved: outcome == 'pass'
    fields:
      alertname: name
      labels: { dataset: dataset }
      severity: outcome
`;
const message = {
  checks: [
    { name: 'no-nulls', dataset: 'churn', outcome: 'fail' },
    { name: 'fresh', dataset: 'churn', outcome: 'pass' },
    { name: { a: 1 }, outcome: 'fail' },
  ],
};
const house = (files: Record<string, string> = {}): string =>
  folderOf({
    'config/tocsin.yaml': alerts,
    'runbooks/latency.md': '---\ntitle: Latency\n---\nLook.\n',
    'runbooks/source-failing.md': '---\ntitle: Source\n---\nLook.\n',
    'soda.yaml': mapping,
    'message.json': JSON.stringify(message),
    ...files,
  });

test('map try says what would become of each element, and refuses the others where they are', async () => {
  const ran = await tocsin(['map', 'try', 'message.json', '--mapping', 'soda.yaml'], { cwd: house() });
  expect(ran.err).toBe('3 alerts by soda, 1 of them refused.\n');
  expect(ran.code).toBe(1);
  expect(ran.out).toMatch(/^#0 \/checks\/0: fires checks\/no-nulls, warn, data-quality$/m);
  expect(ran.out).toMatch(/labels {7}dataset="churn", alertname="no-nulls", severity="fail"/);
  expect(ran.out).toMatch(/fingerprint {2}[0-9a-f]{16}$/m);
  expect(ran.out).toMatch(/route {8}policy /);
  expect(ran.out).toMatch(/note {9}label severity: "fail" is no severity/);
  expect(ran.out).toMatch(/^#1 \/checks\/1: ends checks\/fresh/m);
  expect(ran.out).toMatch(/^#2 \/checks\/2: refused: fields\.alertname: expected that "name" gives a text; received an object$/m);
});

test('map try writes JSON lines, and takes formats that are built in', async () => {
  const sent = readFileSync(`${root}/test/fixtures/datadog/webhook-triggered.json`, 'utf8');
  const ran = await tocsin(['map', 'try', 'sent.json', '--intake', 'datadog', '--json'], { cwd: house({ 'sent.json': sent }) });
  expect([ran.code, ran.err]).toEqual([0, '1 alert by datadog.\n']);
  expect(JSON.parse(ran.out)).toMatchObject({
    outcome: 'fires',
    rule: 'checks/Accuracy low',
    severity: 'critical',
    route: { policy: expect.any(String) },
  });
});

test('a mapping that cannot be read is located like the rest of the config', async () => {
  const bad = mapping.replace('alertname: name', 'alertname: "uper(name)"').replace('dataset: dataset', 'dataset: "data["');
  const ran = await tocsin(['map', 'try', 'message.json', '--mapping', 'soda.yaml'], { cwd: house({ 'soda.yaml': bad }) });
  expect(ran.code).toBe(1);
  expect(ran.err).toMatch(
    /soda\.yaml:6:\d+: intakes\.soda\.fields\.alertname: expected a function that there is; received uper\(\); did you mean upper\(\)\?/,
  );
  expect(ran.err).toMatch(
    /soda\.yaml:7:\d+: intakes\.soda\.fields\.labels\.dataset: expected an expression in JMESPath: parse error at column 5/,
  );
});

test.each([
  [['--intake', 'sodaa', '--mapping', 'soda.yaml'], /expected one of soda, alertmanager/],
  [[], /say which mapping/],
  [['--mapping', 'gone.yaml'], /gone\.yaml cannot be read/],
  [['--mapping', 'soda.yaml', '--source', 'sensor'], /say with --source/],
])('map try message.json %j says what is missing', async (args, said) => {
  const ran = await tocsin(['map', 'try', 'message.json', ...args], { cwd: house() });
  expect(ran.code).toBe(1);
  expect(ran.err).toMatch(said);
});

test('check finds mappings with the name of a format, and sources that take no alerts', async () => {
  const odd = mapping.replace('  soda:', '  datadog:').replace('    each', '    source: sensor\n    each');
  const ran = await tocsin(['check'], { cwd: house({ 'config/soda.yaml': odd }) });
  expect(ran.out).toMatch(/soda\.yaml:2:3: intakes\.datadog: expected another name; the format datadog is built in/);
  expect(ran.out).toMatch(
    /soda\.yaml:3:\d+: intakes\.datadog\.source: expected the name of a source of kind alerts; received "sensor", of another kind/,
  );
});
