import { describe, expect, test } from 'vitest';
import { readDocument } from '../../core/config/document.ts';
import { loadConfig } from '../../core/config/load.ts';
import { base, errorsOf, rule, runbooks } from './errors-of.ts';

const degraded = (baseline: string): string =>
  rule({ degradation: `{ direction: drop, baseline: ${baseline} }` }).replace(/ +threshold:.*\n/, '');

describe('a config that is right', () => {
  test('is given back with its defaults and with times in milliseconds', () => {
    const loaded = loadConfig([{ path: 'f.yaml', text: rule({}) + base }], runbooks);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
    expect(loaded.config.rules['acc']).toMatchObject({ step: 3_600_000, for: { m: 1, n: 1 }, recover: 0.8, labels: {} });
    expect(loaded.config.settings).toMatchObject({ groupBy: ['model', 'environment'], groupWait: 30_000 });
  });

  test('may take its runbooks as a list of runbooks', () => {
    const files = [{ path: 'f.yaml', text: rule({}) + base }];
    expect(loadConfig(files, [{ name: 'accuracy-drop' }, { name: 'source-failing' }]).ok).toBe(true);
    expect(loadConfig(files, []).ok).toBe(false);
  });

  test('may be in several files, whose lists are appended and whose empty sections say nothing', () => {
    const inhibition = (name: string): string => `inhibitions:\n  - { name: ${name}, source: { a: "1" }, target: { a: "2" } }\n`;
    const texts = [
      inhibition('one'),
      inhibition('two'),
      'rules:\n',
      '# nothing\n',
      '',
      '\uFEFFchannels: {}\r\nrollbacks: {}\r\n',
      base,
    ];
    const files = texts.map((text, index) => ({ path: `${index}.yaml`, text }));
    const loaded = loadConfig(files, runbooks);
    expect(loaded.ok && loaded.config.inhibitions.map(({ name }) => name)).toEqual(['one', 'two']);
  });

  test('may have a negative fixed baseline, for a degradation is relative to its size', () => {
    expect(errorsOf(degraded('{ fixed: -3 }').replace('metric: accuracy', 'metric: bias'))).toEqual([]);
  });

  test('may use anchors and aliases; an alias means the last anchor of its name before it', () => {
    expect(errorsOf('schedules:\n  a: &a { timezone: UTC, start: 2026-01-05T09:00, responders: [ana] }\n  b: *a\n')).toEqual([]);
    const text =
      'channels:\n  c: { slack: &x A }\n  d: &y { slack: *x }\n  e: { slack: &x B }\n  f: *y\nsettings: { slack: { token: TOK, signingSecret: SIG } }\n';
    const loaded = loadConfig([{ path: 'f.yaml', text: text + base }], runbooks);
    expect(loaded.ok && loaded.config.channels['f']).toEqual({ kind: 'slack', channel: 'A' });
  });
});

describe('YAML that cannot be read', () => {
  test.each([
    ['a tab', 'rules:\n\tacc: {}\n', 'f.yaml:2:1: expected spaces for indentation; received a tab'],
    [
      'a key written twice',
      'rules: {}\nsources: {}\nrules: {}\n',
      'f.yaml:3:1: the key "rules" is written twice; the first is on line 1; keep one of them',
    ],
    [
      'two keys that are the same text',
      'rules:\n  1: {}\n  "1": {}\n',
      'f.yaml:3:3: the key "1" is written twice; the first is on line 2; keep one of them',
    ],
    [
      'a second document',
      'rules: {}\n---\nrules: {}\n',
      'f.yaml:2:1: expected one YAML document per file; received a second one after ---; move it to its own file',
    ],
    ['an alias of nothing', 'rules: *none\n', 'f.yaml:1:8: the alias *none has no anchor &none before it'],
    ['an alias of itself', 'rules: &a { b: *a }\n', 'f.yaml:1:16: the alias *a stands for something that holds it'],
    ['a tag', 'rules: !env X\n', 'f.yaml:1:8: expected plain YAML; received a tag (!name), which no key accepts; remove it'],
    [
      'a list as key',
      'rules:\n  ? [a]\n  : b\n',
      'f.yaml:2:5: expected a text as key; received a list, a mapping, an alias or nothing',
    ],
    ['a prototype', 'rules:\n  __proto__: {}\n', 'f.yaml:2:3: the key __proto__ is not allowed'],
    [
      'an open bracket',
      'rules: { a: 1\n',
      expect.stringMatching(/^f\.yaml:\d+:\d+: this is not YAML: flow map in block collection/),
    ],
    [
      'UTF-16',
      'r\u0000u\u0000',
      'f.yaml:1:2: expected UTF-8 text; received other bytes (UTF-16 or a binary file?); save the file as UTF-8',
    ],
    ['bytes that are no UTF-8', 'rules: {}\n# caf\uFFFD\n', expect.stringMatching(/^f\.yaml:2:6: expected UTF-8 text/)],
    ['a list', '- a\n', 'f.yaml:1:1: expected a mapping of sections such as rules and sources; received a list'],
    ['a text', 'hello\n', 'f.yaml:1:1: expected a mapping of sections such as rules and sources; received "hello"'],
    ['ten thousand brackets', `rules: ${'['.repeat(10_000)}`, expect.stringMatching(/^f\.yaml:\d+:\d+: /)],
  ])('%s', (_, text, error) => {
    expect(errorsOf(text)).toEqual([error]);
  });

  test('aliases that stand for billions are refused, and soon', () => {
    const lines = Array.from({ length: 12 }, (_, n) => `k${n}: &a${n} [${n === 0 ? '1, 1' : `*a${n - 1}, `.repeat(10)}]`);
    expect(errorsOf(lines.join('\n'))).toEqual([
      expect.stringMatching(/expected at most 100000 values from aliases; received more; write them out instead$/),
    ]);
  });

  test('every file is read before anything is reported', () => {
    expect(errorsOf('a: [\n', 'b: {\n').map((line) => line.slice(0, 9))).toEqual(['f.yaml:2:', 'g1.yaml:2']);
  });
});

describe('keys and values that are wrong are reported where they are written', () => {
  test.each([
    [
      'an unknown key, with the nearest one',
      rule({ treshold: '1' }),
      'f.yaml:9:5: rules.acc.treshold: this key is not known here (did you mean "threshold"?)',
    ],
    ['an unknown section', 'ruels: {}\n', 'f.yaml:1:1: ruels: this key is not known here (did you mean "rules"?)'],
    [
      'an unknown key like no other',
      'settings: { zzz: 1 }\n',
      expect.stringMatching(/^f\.yaml:1:13: settings\.zzz: this key is not known here; expected one of publicUrl, groupBy, /),
    ],
    [
      'a merge key',
      'settings:\n  <<: { a: 1 }\n',
      'f.yaml:2:3: settings."<<": merge keys are not part of YAML 1.2; write the keys out',
    ],
    [
      'one of several values',
      rule({ category: 'perfomance' }),
      'f.yaml:6:15: rules.acc.category: expected one of data-quality, drift, performance, latency, availability, resource, pipeline; received "perfomance" (did you mean "performance"?)',
    ],
    [
      'a kind of source',
      'sources:\n  x: { kind: predictons, model: m }\n',
      'f.yaml:2:14: sources.x.kind: expected one of predictions, samples, otlp, cloudwatch, prometheus, sql, datadog, alerts; received "predictons" (did you mean "predictions"?)',
    ],
    [
      'a source without a kind',
      'sources:\n  y: { model: m }\n',
      'f.yaml:2:3: sources.y.kind is missing; expected one of predictions, samples, otlp, cloudwatch, prometheus, sql, datadog, alerts',
    ],
    [
      'a number for a text',
      rule({ labels: '{ team: 5 }' }),
      'f.yaml:9:21: rules.acc.labels.team: expected a text; received the number 5; quote it: "5"',
    ],
    [
      'a number for a version, with the digits that it is written with',
      rule({ query: '{ predictions: { metric: count, over: 1h, version: 1.10 } }' }),
      'f.yaml:4:63: rules.acc.query.predictions.version: expected a text; received the number 1.10; quote it: "1.10"',
    ],
    [
      'a code for a text',
      'sources:\n  x: { kind: predictions, model: m, schema: { zip: { type: category, values: [01067] } } }\n',
      'f.yaml:2:79: sources.x.schema.zip.values[0]: expected a text; received the number 01067; quote it: "01067"',
    ],
    [
      'a code for a class',
      'sources:\n  x: { kind: predictions, model: m, predicts: ["01", "02"], positive: 01 }\n',
      'f.yaml:2:71: sources.x.positive: expected the name of a class, in quotes if it is a number; received the number 01',
    ],
    [
      'an id for a class',
      'sources:\n  x: { kind: predictions, model: m, positive: 7300000000000000001 }\n',
      'f.yaml:2:47: sources.x.positive: expected the name of a class, in quotes if it is a number; received the number 7300000000000000001',
    ],
    [
      'a number in another notation',
      rule({ threshold: '{ above: { warn: 0x60 } }' }),
      'f.yaml:7:33: rules.acc.threshold.above.warn: expected a decimal number without leading zeros; received 0x60; write 96, or the text in quotes: "0x60"',
    ],
    [
      'a number in another notation behind an alias',
      `x-high: &high 0x60\n${rule({ threshold: '{ above: { warn: *high } }' })}`,
      'f.yaml:8:33: rules.acc.threshold.above.warn: expected a decimal number without leading zeros; received 0x60; write 96, or the text in quotes: "0x60"',
    ],
    [
      'a number with a leading zero',
      rule({ threshold: '{ above: { warn: 017 } }' }),
      'f.yaml:7:33: rules.acc.threshold.above.warn: expected a decimal number without leading zeros; received 017; write 17, or the text in quotes: "017"',
    ],
    [
      'a number with more digits than it keeps',
      rule({ threshold: '{ above: { warn: 9007199254740993 } }' }),
      'f.yaml:7:33: rules.acc.threshold.above.warn: expected a number that keeps its digits; received 9007199254740993, which is read as 9007199254740992; write it in quotes if it is a text',
    ],
    [
      'a number for a duration',
      rule({ step: '5' }),
      'f.yaml:5:11: rules.acc.step: expected a duration such as 30s, 5m, 1h30m or 7d; received the number 5',
    ],
    [
      'a text for a mapping',
      rule({ threshold: 'high' }),
      'f.yaml:7:16: rules.acc.threshold: expected a mapping; received "high"',
    ],
    ['nothing', rule({ owner: '' }), 'f.yaml:9:12: rules.acc.owner: expected a text; received nothing'],
    [
      'two of which there may be one',
      rule({ query: '{ predictions: { metric: count, over: 1h }, samples: { metric: x } }' }),
      'f.yaml:4:5: rules.acc.query: expected exactly one of predictions, samples, otlp, cloudwatch, prometheus, sql, datadog; received predictions and samples',
    ],
    [
      'a duration without a unit',
      rule({ every: '"5"' }),
      'f.yaml:9:12: rules.acc.every: expected a duration such as 30s, 5m, 1h30m or 7d; received "5"',
    ],
    [
      'a duration of nothing',
      rule({ step: '0s' }),
      'f.yaml:5:11: rules.acc.step: expected a duration longer than 0; received "0s"',
    ],
    [
      'more points than there are',
      rule({ for: '5/3' }),
      'f.yaml:9:10: rules.acc.for: expected M/N with 1 <= M <= N <= 1000; received "5/3"',
    ],
    [
      'a bound that is no number',
      rule({ threshold: '{ below: { warn: .nan } }' }),
      'f.yaml:7:33: rules.acc.threshold.below.warn: expected a number; received NaN',
    ],
    [
      'an infinite bound',
      rule({ threshold: '{ above: { warn: .inf } }' }),
      'f.yaml:7:33: rules.acc.threshold.above.warn: expected a number; received Infinity',
    ],
    [
      'bands in the wrong order',
      rule({ threshold: '{ below: { warn: 1, critical: 2 } }' }),
      'f.yaml:7:46: rules.acc.threshold.below.critical: expected critical to lie below warn, 1; received the number 2',
    ],
    [
      'a fixed baseline of zero',
      degraded('{ fixed: 0 }'),
      'f.yaml:8:56: rules.acc.degradation.baseline.fixed: expected a baseline other than 0: a degradation is relative to it; use `threshold` for absolute bounds; received the number 0',
    ],
    [
      'an infinite baseline',
      degraded('{ fixed: -.inf }'),
      'f.yaml:8:56: rules.acc.degradation.baseline.fixed: expected a number; received -Infinity',
    ],
    [
      'a name',
      'rules:\n  "a b": {}\n',
      'f.yaml:2:3: rules: expected a name of letters, digits, ".", "_" and "-", up to 63 characters; received "a b"',
    ],
    [
      'a matcher',
      'inhibitions:\n  - { name: a, source: { rule: 5 }, target: { rule: b } }\n',
      'f.yaml:2:32: inhibitions[0].source.rule: expected a text or a list of texts; received the number 5',
    ],
    [
      'more time than changes are remembered',
      'settings:\n  flapping: { within: 2d }\n',
      'f.yaml:2:15: settings.flapping.within: expected at most 1d, for no older changes are remembered; received 2d',
    ],
    [
      'a number at a bound that does not count',
      'policies:\n  p: { pagesAWeek: 0, tiers: [{ targets: [{ channel: c }], ackWithin: 5m }] }\n',
      'f.yaml:2:20: policies.p.pagesAWeek: expected a number above 0; received the number 0',
    ],
    [
      'an empty list',
      'muteTimings:\n  m: { timezone: UTC, match: {}, windows: [] }\n',
      'f.yaml:2:43: muteTimings.m.windows: expected at least 1 item; received an empty list',
    ],
    [
      'a time zone',
      'muteTimings:\n  m: { timezone: Mars/Base, match: {}, windows: [{ from: "22:00", to: "06:00" }] }\n',
      'f.yaml:2:18: muteTimings.m.timezone: expected an IANA time zone such as Europe/Berlin; received "Mars/Base"',
    ],
  ])('%s', (_, text, error) => {
    expect(errorsOf(text)).toEqual([error]);
  });

  test('all that a rule lacks is named, at the rule', () => {
    expect(errorsOf('rules:\n  acc:\n    source: flights\n    threshold: { above: { warn: 1 } }\n')).toEqual([
      'f.yaml:2:3: rules.acc.category is missing; expected one of data-quality, drift, performance, latency, availability, resource, pipeline',
      'f.yaml:2:3: rules.acc.runbook is missing; expected a text',
      'f.yaml:2:3: rules.acc.query is missing; expected a query in every rule but a composite one, which has none',
    ]);
  });

  test('a config without a matrix, or without any file, says what is missing', () => {
    const errors = (texts: string[]): unknown => {
      const loaded = loadConfig(
        texts.map((text, index) => ({ path: `${index}.yaml`, text })),
        runbooks,
      );
      return loaded.ok ? [] : loaded.errors;
    };
    const missing = { line: 1, column: 1, path: 'matrix', message: 'matrix is missing; expected a mapping' };
    expect(errors(['rules: {}\n'])).toEqual([{ ...missing, file: '0.yaml' }]);
    expect(errors(['', '# only a comment\n'])).toEqual([{ ...missing, file: '0.yaml' }]);
    expect(errors([])).toEqual([{ ...missing, file: '' }]);
  });

  describe('broken references are reported beside what is misshapen', () => {
    const broken = 'schedules:\n  s: { timezone: UTC, start: "2026-01-05T09:00", rotation: weekly, responders: [anna] }\n';
    const reference = /schedules\.s\.responders\[0\]: expected the name of a responder; received "anna"/;

    test.each([
      ['a rule', 'rules:\n  acc: { source: 5 }\n', /rules\.acc/],
      ['a source', 'sources:\n  other: { kind: samples, bucket: soon }\n', /sources\.other\.bucket/],
      ['the settings', 'settings: { groupWait: soon }\n', /settings\.groupWait/],
      ['a route', 'routes:\n  - { name: 5 }\n', /routes/],
    ])('in %s', (_, misshapen, pattern) => {
      const errors = errorsOf(misshapen + broken);
      expect(errors.some((one) => pattern.test(one))).toBe(true);
      expect(errors.some((one) => reference.test(one))).toBe(true);
    });

    test('but not those that lead to what is misshapen, or may be about it', () => {
      const text = `rules:
  bad: { source: 5 }
  both: { category: resource, composite: { all: [{ rule: bad }] }, runbook: accuracy-drop }
inhibitions:
  - { name: i, source: { rule: bad }, target: { rule: both } }
muteTimings:
  m: { timezone: UTC, match: { rule: bad }, windows: [{ from: "22:00", to: "06:00" }] }
`;
      expect(errorsOf(text).filter((one) => !one.includes('rules.bad'))).toEqual([]);
    });

    test('and nothing is said of what the settings would bring', () => {
      const text = 'settings: { slack: { token: 5 } }\nchannels:\n  c: { slack: C0123 }\n';
      expect(errorsOf(text).filter((one) => !one.includes('settings.'))).toEqual([]);
    });
  });

  test('errors come in the order in which they are written, from the first file to the last', () => {
    const errors = errorsOf('settings:\n  b: 1\n  a: 1\n', 'ruels: {}\n');
    expect(errors.map((line) => line.split(': ')[0])).toEqual(['f.yaml:2:3', 'f.yaml:3:3', 'g1.yaml:1:1']);
  });

  test('a name in two files is an error that names both places', () => {
    expect(errorsOf('channels:\n  c: { terminal: true }\n', '\nchannels:\n  c: { terminal: true }\n')).toEqual([
      'g1.yaml:3:3: channels.c is defined twice; the first is at f.yaml:2:3; rename or remove one of them',
    ]);
  });

  test('a list of settings in two files is an error that says where its entries go', () => {
    const keys = (name: string) =>
      `settings:\n  ingestKeys: [{ name: ${name}, secret: ${name.toUpperCase()}_KEY, scope: [alerts] }]\n`;
    expect(errorsOf(keys('dbt'), keys('airflow'))).toEqual([
      'g1.yaml:2:3: settings.ingestKeys is defined twice; the first is at f.yaml:2:3; lists are not joined: write all entries into one of them',
    ]);
  });

  test('a section that is a list in one file and a mapping in another is an error', () => {
    expect(errorsOf('inhibitions: { a: 1 }\n', 'inhibitions: []\n')).toEqual([
      'g1.yaml:1:1: inhibitions: expected the same kind of section as at f.yaml:1, a mapping; received an empty list',
    ]);
  });

  test('what is wrong in the list of the second file is reported there', () => {
    const good = 'inhibitions:\n  - { name: one, source: { a: "1" }, target: { a: "2" } }\n';
    expect(errorsOf(good, 'inhibitions:\n  - name: two\n    source: 5\n    target: { a: "2" }\n')).toEqual([
      `g1.yaml:3:13: inhibitions[1].source: expected labels and their values, such as model: churn, or matchers such as 'severity=~"page|warning"'; received the number 5`,
    ]);
  });
});

describe('a key that looks like a number', () => {
  test('is the text that it is written with', () => {
    const read = readDocument({ path: 'f.yaml', text: '{ 1.10: a, 1.1: b, 01: c, 1: d, 0x1F: e, true: f }' });
    expect(read.ok && read.document.value).toEqual({ '1.10': 'a', '1.1': 'b', '01': 'c', 1: 'd', '0x1F': 'e', true: 'f' });
    expect(read.ok && read.document.placeOf(['1.10'], 'value')).toMatchObject({ column: 9 });
  });
});

describe('secrets', () => {
  const told = 'revoke it, store it as a secret, and write the NAME of that secret here';

  test.each([
    [
      'settings: { ingestKey: xoxb-1234-abcdSECRET }\n',
      `f.yaml:1:24: settings.ingestKey: expected no secrets in the config; received what looks like a Slack token; ${told}`,
    ],
    [
      'settings: { publicUrl: "https://me:SECRET@example.com" }\n',
      `f.yaml:1:24: settings.publicUrl: expected no secrets in the config; received what looks like a password in an address; ${told}`,
    ],
    [
      rule({ owner: 'AKIASECRETSECRET1234' }),
      `f.yaml:9:12: rules.acc.owner: expected no secrets in the config; received what looks like an AWS access key; ${told}`,
    ],
    [
      'settings:\n  AKIASECRETSECRET1234: 1\n',
      `f.yaml:2:3: settings.(a key that is not shown here): expected no secrets in the config; received what looks like an AWS access key; ${told}`,
    ],
    [
      'settings: { ingestKey: hunter2SECRET }\n',
      'f.yaml:1:24: settings.ingestKey: expected the NAME of a secret such as SLACK_BOT_TOKEN, never its value; received a text that is not shown here',
    ],
  ])('in the config are refused and never shown: %s', (text, error) => {
    const errors = errorsOf(text);
    expect(errors).toEqual([error]);
    expect(errors.join()).not.toContain('SECRET1234');
    expect(errors.join()).not.toMatch(/hunter2|abcdSECRET|me:SECRET/);
  });
});
