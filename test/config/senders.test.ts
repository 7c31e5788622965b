import { describe, expect, test } from 'vitest';
import { errorsOf } from './errors-of.ts';

const source = 'sources:\n  prom: { kind: alerts, category: drift, runbook: accuracy-drop }\n';
const key = (text: string): string => `settings:\n  ingestKeys:\n    - ${text}\n`;

describe('senders in the config', () => {
  test('a source of alerts, and keys with a scope, are right', () => {
    const keys = key(
      '{ name: prom, secret: PROM_KEY, scope: [alerts], sources: [prom] }\n    - { name: ci, secret: CI_KEY, scope: [samples, labels], ratePerMinute: 60 }',
    );
    expect(errorsOf(source + keys)).toEqual([]);
  });

  test.each([
    [
      'a runbook that does not exist',
      'sources:\n  prom: { kind: alerts, category: drift, runbook: acuracy-drop }\n',
      'f.yaml:2:51: sources.prom.runbook: expected the name of a runbook; received "acuracy-drop", which does not exist (did you mean "accuracy-drop"?)',
    ],
    [
      'a source that does not exist',
      key('{ name: a, secret: A_KEY, scope: [predictions], sources: [flihgts] }'),
      'f.yaml:3:65: settings.ingestKeys[0].sources[0]: expected the name of a source; received "flihgts", which does not exist (did you mean "flights"?)',
    ],
    [
      'a source of another kind than the scope',
      key('{ name: a, secret: A_KEY, scope: [predictions, labels], sources: [cpu] }'),
      'f.yaml:3:73: settings.ingestKeys[0].sources[0]: expected a source of predictions, to match the scope of the key; received "cpu", of samples',
    ],
    [
      'two keys of one name',
      key('{ name: a, secret: A_KEY, scope: [labels] }\n    - { name: a, secret: B_KEY, scope: [labels] }'),
      'f.yaml:4:15: settings.ingestKeys[1].name: expected a name of its own for each key; received "a" again',
    ],
    [
      'the key itself in the place of the name of its secret',
      key('{ name: a, secret: 6f2cSECRET, scope: [labels] }'),
      'f.yaml:3:26: settings.ingestKeys[0].secret: expected the NAME of a secret such as SLACK_BOT_TOKEN, never its value; received a text that is not shown here',
    ],
    [
      'a rule that asks a source of alerts',
      `${source}rules:\n  r:\n    source: prom\n    query: { samples: { metric: m } }\n    category: drift\n    threshold: { above: { warn: 1 } }\n    runbook: accuracy-drop\n`,
      'f.yaml:5:13: rules.r.source: expected a source of samples; received "prom", whose alerts are judged where they come from',
    ],
  ])('%s is told with its place', (_, text, error) => {
    expect(errorsOf(text)).toEqual([error]);
  });
});
