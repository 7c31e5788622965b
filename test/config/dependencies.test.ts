import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../core/config/load.ts';
import { base, errorsOf, rule, runbooks } from './errors-of.ts';

const pushed = (keys: Record<string, string> = {}): string =>
  rule({ source: 'cpu', query: '{ samples: { metric: late } }', step: '1m', ...keys });

describe('dependencies', () => {
  test('that lead somewhere are right, and data withholds pages unless told otherwise', () => {
    const text = `${pushed()}dependencies:
  orders: { kind: data, match: { dataset: orders } }
  churn: { kind: model, match: { model: [churn, churn-next] }, dependsOn: [orders] }
settings: { correlation: { within: 5m } }
`;
    const loaded = loadConfig(
      [
        { path: 'f.yaml', text },
        { path: 'base.yaml', text: base },
      ],
      runbooks,
    );
    expect(loaded.ok ? loaded.config.dependencies['churn']?.dependsOn : loaded.errors).toEqual(['orders']);
    expect(loaded.ok && loaded.config.settings.correlation).toEqual({
      enabled: true,
      within: 300_000,
      sharing: ['pipeline', 'dataset'],
      apart: ['environment', 'stage'],
    });
  });

  test('on what does not exist, and on itself', () => {
    const text = `${pushed()}dependencies:
  orders: { kind: data, match: { dataset: orders }, dependsOn: [orders] }
  churn: { kind: model, match: { model: churn }, dependsOn: [order, clicks] }
`;
    expect(errorsOf(text)).toEqual([
      'f.yaml:10:65: dependencies.orders.dependsOn[0]: expected the name of another dependency; orders cannot depend on itself',
      'f.yaml:11:62: dependencies.churn.dependsOn[0]: expected the name of a dependency; received "order", which does not exist (did you mean "orders"?)',
      'f.yaml:11:69: dependencies.churn.dependsOn[1]: expected the name of a dependency; received "clicks", which does not exist',
    ]);
  });

  test('in a circle', () => {
    const text = `${pushed()}dependencies:
  a: { kind: data, match: { dataset: a }, dependsOn: [b] }
  b: { kind: data, match: { dataset: b }, dependsOn: [c] }
  c: { kind: data, match: { dataset: c }, dependsOn: [a] }
  d: { kind: data, match: { dataset: d }, dependsOn: [a] }
`;
    expect(errorsOf(text)).toEqual([
      'f.yaml:10:43: dependencies.a.dependsOn: expected dependencies without a cycle, because a cause precedes its effects; received a -> b -> c -> a; remove one of them',
    ]);
  });

  test('that no alert can be about, because no rule and no source of alerts gives such labels', () => {
    const text = `${rule({})}dependencies:
  flights: { kind: model, match: { model: flight-delays } }
  other: { kind: model, match: { model: flight-delay } }
  orders: { kind: data, match: { dataset: orders } }
  feature: { kind: feature, match: { model: flight-delays, feature: distance } }
  slow: { kind: service, match: { category: latency } }
`;
    expect(errorsOf(text)).toEqual(
      [
        'f.yaml:11:26: dependencies.other.match: expected labels that alerts can have; no rule and no source of alerts gives model="flight-delay"; name labels of rules or sources',
        'f.yaml:12:25: dependencies.orders.match: expected labels that alerts can have; no rule and no source of alerts gives dataset="orders"; name labels of rules or sources',
        'f.yaml:14:26: dependencies.slow.match: expected labels that alerts can have; no rule and no source of alerts gives category="latency"; name labels of rules or sources',
      ].map((line) => expect.stringContaining(line.slice(line.indexOf('dependencies')))),
    );
  });

  test('that alerts of another system may be about', () => {
    const text = `sources:
  prom: { kind: alerts, category: data-quality, runbook: null-spike, labels: { environment: live } }
dependencies:
  orders: { kind: data, match: { dataset: orders, environment: live } }
  staged: { kind: data, match: { dataset: orders, environment: staging } }
`;
    expect(errorsOf(text)).toEqual([expect.stringContaining('gives environment="staging"')]);
  });

  test('with labels that change, with no labels, and with the labels of another', () => {
    const text = `${pushed()}dependencies:
  a: { kind: data, match: { dataset: a, severity: critical } }
  b: { kind: data, match: { dataset: b, zone: x } }
  c: { kind: data, match: { zone: x, dataset: b } }
`;
    expect(errorsOf(text)).toEqual([
      'f.yaml:10:41: dependencies.a.match.severity: expected labels that stay constant; severity changes while an alert fires',
      'f.yaml:12:20: dependencies.c.match: expected labels of its own; received those of b, but an alert is about one dependency',
    ]);
    expect(errorsOf(`${pushed()}dependencies:\n  a: { kind: data, match: {} }\n`)).toEqual([
      'f.yaml:10:27: dependencies.a.match: expected at least one label; alerts are matched by it; received an empty mapping',
    ]);
    expect(errorsOf(`${pushed()}dependencies:\n  a: { kind: database, match: { a: b } }\n`)).toEqual([
      'f.yaml:10:14: dependencies.a.kind: expected one of data, infrastructure, feature, model, service; received "database"',
    ]);
  });

  test('with a rule that does not exist', () => {
    expect(errorsOf(`${pushed()}dependencies:\n  a: { kind: data, match: { rule: bcc } }\n`)).toContain(
      'f.yaml:10:35: dependencies.a.match.rule: expected the name of a rule; received "bcc", which does not exist (did you mean "acc"?)',
    );
  });
});
