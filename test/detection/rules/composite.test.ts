import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../core/alerting/alerts/alert.ts';
import { judgeComposite } from '../../../core/detection/kinds/composite/judge.ts';
import type { CompositeConfig } from '../../../core/detection/kinds/composite/schema.ts';
import { restingOrder } from '../../../core/detection/resting-order.ts';
import { parseRule } from '../../../core/detection/rules/parse-rule.ts';
import { asFingerprint, asGroupKey, asRuleId } from '../../../core/vocabulary/ids.ts';
import { matchersOf } from '../../../core/vocabulary/matchers/matcher.ts';
import type { Labels, Severity } from '../../../core/vocabulary/schema-parts.ts';

const now = 1000;
const alert = (ruleId: string, labels: Labels, severity: Severity = 'critical', more: Partial<Alert> = {}): Alert => ({
  fingerprint: asFingerprint(`${ruleId}${JSON.stringify(labels)}`),
  ruleId: asRuleId(ruleId),
  labels,
  category: 'performance',
  groupKey: asGroupKey(''),
  groupLabels: {},
  state: 'firing',
  severity,
  since: 0,
  breachedAt: 0,
  evaluatedAt: 0,
  reason: '',
  excluded: [],
  version: 1,
  ...more,
});
const found = (config: CompositeConfig, alerts: Alert[], composites: string[] = []) =>
  judgeComposite(config, ['model', 'environment'], alerts, new Set(composites), 100, now).map(({ labels, verdict }) => ({
    ...labels,
    is: verdict.status,
  }));
const both = { all: [{ rule: 'accuracy' }, { rule: 'gpu' }] };

describe('a composite rule', () => {
  it('holds where all of its rules have an alert with the same labels', () => {
    const alerts = [
      alert('accuracy', { model: 'a', environment: 'live' }),
      alert('gpu', { model: 'a', environment: 'live' }, 'warn'),
      alert('accuracy', { model: 'b', environment: 'live' }),
      alert('gpu', { model: 'b', environment: 'test' }),
    ];
    expect(found(both, alerts)).toEqual([{ model: 'a', environment: 'live', is: 'critical' }]);
  });

  it('joins an alert that names no model with those of every model of its environment', () => {
    const alerts = [
      alert('gpu', { environment: 'live', host: 'h1' }, 'warn'),
      alert('accuracy', { model: 'a', environment: 'live' }, 'warn'),
      alert('accuracy', { model: 'b', environment: 'live' }),
      alert('accuracy', { model: 'c', environment: 'test' }),
    ];
    expect(found(both, alerts)).toEqual([
      { model: 'a', environment: 'live', is: 'warn' },
      { model: 'b', environment: 'live', is: 'critical' },
    ]);
  });

  it('counts only alerts that fire or recover, and none about a rule itself', () => {
    const a = alert('accuracy', {});
    expect(found(both, [a, alert('gpu', {}, 'warn', { state: 'recovering' })])).toHaveLength(1);
    expect(found(both, [a, alert('gpu', {}, 'warn', { state: 'pending' })])).toEqual([]);
    expect(found(both, [a, alert('gpu', {}, 'warn', { state: 'resolved' })])).toEqual([]);
    expect(found(both, [a, alert('gpu', {}, 'warn', { aboutRule: true })])).toEqual([]);
  });

  it('knows or and not, and may ask for critical alerts only', () => {
    const config: CompositeConfig = {
      any: [{ rule: 'accuracy', severity: 'critical' }, { rule: 'latency' }],
      none: [{ rule: 'deploying' }],
      severity: 'warn',
    };
    const live = { model: 'a', environment: 'live' };
    expect(found(config, [alert('accuracy', live, 'warn')])).toEqual([]);
    expect(found(config, [alert('accuracy', live)])).toEqual([{ ...live, is: 'warn' }]);
    expect(found(config, [alert('accuracy', live), alert('latency', live)])).toHaveLength(1);
    expect(found(config, [alert('latency', live), alert('deploying', { environment: 'live' })])).toEqual([]);
    expect(found(config, [alert('latency', live), alert('deploying', { environment: 'test' })])).toHaveLength(1);
  });

  it('may match alerts that others judge by their labels, but not those of composite rules', () => {
    const config: CompositeConfig = {
      all: [{ match: matchersOf({ category: 'resource', alertname: ['GpuThrottled', 'GpuHot'] }) }],
    };
    const hot = (ruleId: string) => alert(ruleId, { alertname: 'GpuHot', environment: 'live' }, 'warn', { category: 'resource' });
    expect(found(config, [hot('prometheus/GpuHot')])).toEqual([{ environment: 'live', is: 'warn' }]);
    expect(found(config, [hot('slow-gpu')], ['slow-gpu'])).toEqual([]);
  });

  it('says what fires together', () => {
    const [one] = judgeComposite(
      { ...both, none: [{ rule: 'deploying' }] },
      [],
      [alert('gpu', {}, 'warn'), alert('accuracy', {})],
      new Set(),
      9,
      now,
    );
    expect(one?.verdict.reason).toBe('accuracy (critical) and gpu (warn) fire together, and none of deploying');
  });

  it('finds the same whatever the order of the alerts, and no more than it may', () => {
    const label = fc.constantFrom(undefined, 'x', 'y', 'z');
    const alerts = fc.array(
      fc
        .record({ ruleId: fc.constantFrom('accuracy', 'gpu'), model: label, environment: label })
        .map(({ ruleId, ...labels }) =>
          alert(ruleId, Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== undefined)) as Labels),
        ),
      { maxLength: 12 },
    );
    const keys = (list: Alert[]) =>
      found(both, list)
        .map((one) => JSON.stringify(Object.entries(one).sort()))
        .sort();
    fc.assert(
      fc.property(alerts, (list) => {
        expect(keys(list.toReversed())).toEqual(keys(list));
        expect(judgeComposite(both, ['model', 'environment'], list, new Set(), 2, now).length).toBeLessThanOrEqual(2);
      }),
    );
  });
});

describe('the order of composite rules', () => {
  const composite = (...rules: string[]) =>
    parseRule('composite', { category: 'performance', runbook: 'a', composite: { all: rules.map((rule) => ({ rule })) } });

  it('is such that each comes after those it names', () => {
    const rules = { top: composite('middle', 'plain'), middle: composite('low'), low: composite('plain') };
    expect(restingOrder(rules)).toEqual({ order: ['low', 'middle', 'top'], cycles: [] });
  });

  it('has none in a circle, which is named', () => {
    expect(restingOrder({ a: composite('b'), b: composite('c'), c: composite('b') }).cycles).toEqual([['b', 'c']]);
    expect(restingOrder({ a: composite('a') }).cycles).toEqual([['a']]);
  });
});
