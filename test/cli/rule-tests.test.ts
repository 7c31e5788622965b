import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../core/config/load.ts';
import { readTests } from '../../core/dry-run/rule-tests/read-tests.ts';
import { testJsonSchema } from '../../core/dry-run/rule-tests/test-schema.ts';
import { runRuleTest } from '../../local/rule-test.ts';
import { config as configText, folderOf, project, root, tocsin } from './run.ts';

const more = configText.replace(
  'responders:',
  `  both:
    category: performance
    composite: { all: [{ rule: slow }, { rule: accuracy }] }
    runbook: latency
  beat:
    source: sensor
    query: { samples: { metric: beat } }
    category: pipeline
    absence: { warn: 5m, critical: 10m }
    runbook: latency
responders:`,
);
const loaded = loadConfig([{ path: 'config.yaml', text: more }], new Set(['latency', 'source-failing']));
if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
const { config } = loaded;

function read(text: string) {
  return readTests({ path: 'tests/a.yaml', text }, config);
}

/** What fails, one line each. */
async function failuresOf(text: string): Promise<string[]> {
  const tests = read(text);
  if (!tests.ok) throw new Error(JSON.stringify(tests.errors));
  const found: string[] = [];
  for (const test of tests.tests) for (const { message } of await runRuleTest(config, test)) found.push(message);
  return found;
}

describe('a test of a rule', () => {
  it('passes where alerts and pages are as expected, each at its own time', async () => {
    const text = `
tests:
  - name: latency
    rule: slow
    series: [{ values: 50x5 150x5 250x5 50x5 }]
    expect:
      - { at: 5m, state: inactive }
      - { at: 6m, state: firing, severity: warn, reason: above 100 }
      - { at: 10m59s, state: firing, severity: warn }
      - { at: 11m, state: firing, severity: critical }
      - { at: 16m, state: inactive }
    pages:
      - { at: 6m30s, severity: warn, reason: triggered }
      - { at: 11m, severity: critical, reason: severity raised }`;
    expect(await failuresOf(text)).toEqual([]);
  });

  it('says of an alert what was judged last, and not what it fired for', async () => {
    const text = `
tests:
  - name: latency
    rule: slow
    series: [{ values: 50x2 150x3 180x5 }]
    expect:
      - { at: 5m, state: firing, reason: latency 150 }
      - { at: 9m, state: firing, reason: latency 180 }`;
    expect(await failuresOf(text)).toEqual([]);
  });

  it('says of each expectation that fails what was expected and what came', async () => {
    const text = `
tests:
  - name: latency
    rule: slow
    series: [{ values: 50x5 150x5 }]
    expect:
      - { at: 5m, state: firing }
      - { at: 6m, state: firing, severity: critical }
      - { at: 7m, state: inactive }
      - { at: 8m, state: firing, reason: below }
    pages:
      - { at: 6m, severity: warn }`;
    expect(await failuresOf(text)).toEqual([
      'slow at 5m:\n  - expected firing\n  + received inactive',
      expect.stringMatching(/^slow at 6m:\n {2}- expected firing critical\n {2}\+ received firing warn \(.*150.*\)$/),
      expect.stringMatching(/^slow at 7m:\n {2}- expected inactive\n {2}\+ received firing warn/),
      expect.stringMatching(/^slow at 8m:\n {2}- expected firing \(below\)\n {2}\+ received firing warn/),
      'the pages differ from the expected ones:\n  - 6m warn\n  + 6m30s warn triggered',
    ]);
  });

  it('tells series apart by their labels', async () => {
    const text = `
tests:
  - name: two hosts
    rule: slow
    series:
      - { labels: { host: a }, values: 150x3 }
      - { labels: { host: b }, values: [50, 50, null] }
    expect:
      - { at: 1m, labels: { host: a }, state: firing }
      - { at: 1m, labels: { host: b }, state: inactive }
      - { at: 3m, labels: { host: b }, state: inactive }`;
    expect(await failuresOf(text)).toEqual([]);
  });

  it('of a composite rule gives series to the rules that it names', async () => {
    const text = `
tests:
  - name: both at once
    rule: both
    series:
      - { rule: slow, values: 50x59 150x61 }
      - { rule: accuracy, values: 0.9 0.7 }
    expect:
      - { at: 1h59m, state: inactive }
      - { at: 1h59m, rule: slow, state: firing }
      - { at: 2h, state: firing }`;
    expect(await failuresOf(text)).toEqual([]);
  });

  it('sees a heartbeat that stops', async () => {
    const text = `
tests:
  - name: silence
    rule: beat
    until: 20m
    series: [{ values: 1x5 }]
    expect:
      - { at: 9m, state: inactive }
      - { at: 10m, state: firing, severity: warn }
      - { at: 15m, state: firing, severity: critical }`;
    expect(await failuresOf(text)).toEqual([]);
  });
});

describe('a file of tests that is wrong', () => {
  const errorsOf = (text: string): string[] => {
    const tests = read(text);
    return tests.ok
      ? []
      : tests.errors.map(({ line, column, message, suggestion }) => `${line}:${column} ${message} ${suggestion ?? ''}`.trim());
  };

  it.each([
    ['tests: []', '1:8 tests: '],
    ['tests:\n  - name: a\n    rule: slwo\n    series: []', '3:11 the config has no rule "slwo" slow'],
    ['tests:\n  - name: a\n    series: [{ values: 1 }]', '3:14 tests[0].series[0]: expected the name of a rule'],
    [
      'tests:\n  - name: a\n    rule: slow\n    series: [{ values: 1y3 }]',
      '4:24 tests[0].series[0].values: expected values such as',
    ],
    ['tests:\n  - name: a\n    rule: slow\n    series: []\n    expects: []', '5:5 tests[0]: '],
    [
      'tests:\n  - name: a\n    rule: slow\n    series: [{ values: 0x60 }]',
      '4:24 tests[0].series[0].values: expected a decimal number',
    ],
    [
      'tests:\n  - name: a\n    rule: slow\n    series: [{ values: [1, 0o17] }]',
      '4:28 tests[0].series[0].values[1]: expected a decimal number',
    ],
    [
      'tests:\n  - name: a\n    rule: slow\n    series: [{ values: 1, counts: 0x10 }]',
      '4:35 tests[0].series[0].counts: expected a decimal number',
    ],
    [
      'tests:\n  - name: a\n    rule: slow\n    series: [{ values: 1_000 }]',
      '4:24 tests[0].series[0].values: expected values such as',
    ],
    ['tests:\n  - name: a\n    rule: both\n    series: [{ values: 1 }]', '4:14 both is a composite rule'],
    [
      'tests:\n  - name: a\n    rule: slow\n    start: 2026-01-05T00:00:30Z\n    series: [{ values: 1 }]',
      '4:12 expected a start on a step',
    ],
    ['tests:\n  - name: a\n    rule: slow\n    start: tomorrow\n    series: []', '4:12 tests[0].start: expected a time such as'],
    ['tests: [', '1:9 this is not YAML'],
  ])('%j is refused at its place', (text, error) => {
    expect(errorsOf(text)).toEqual([expect.stringContaining(error)]);
  });
});

describe('tocsin test', () => {
  it('runs the tests beside the config, and ends with 1 and the place of what failed', async () => {
    const tests =
      'tests:\n  - name: it fires\n    rule: slow\n    series: [{ values: 50 }]\n    expect:\n      - { at: 1m, state: firing }\n';
    const ran = await tocsin(['test'], { cwd: project({ 'config/tests/a.yaml': tests }) });
    expect(ran).toMatchObject({ code: 1, err: '' });
    expect(ran.out).toContain(
      `config/tests/a.yaml:6:9: it fires\n  slow at 1m:\n    - expected firing\n    + received inactive\n`,
    );
    expect(ran.out).toContain('0 passed, 1 failed');
  });

  it('passes on the example rules', async () => {
    expect(await tocsin(['test'])).toMatchObject({ code: 0, out: '9 passed, 0 failed\n' });
  });

  it('says what is missing where there are no tests', async () => {
    const ran = await tocsin(['test', join(folderOf({}), 'none.yaml')]);
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/there are no tests at .*none\.yaml/);
  });

  it('has a schema for editors that is that of the code, and the example names it', () => {
    const schema = readFileSync(join(root, 'docs/tests.schema.json'), 'utf8');
    expect(schema === `${JSON.stringify(testJsonSchema(), null, 2)}\n`, 'run: npm run generate').toBe(true);
    expect(readFileSync(join(root, 'config/tests/rules.yaml'), 'utf8')).toContain('$schema=../../docs/tests.schema.json');
  });
});
