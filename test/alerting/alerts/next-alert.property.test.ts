import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../core/alerting/alerts/alert.ts';
import type { AlertSubject } from '../../../core/alerting/alerts/alert-step.ts';
import { maxClockStep, nextAlert } from '../../../core/alerting/alerts/next-alert.ts';
import type { Verdict } from '../../../core/detection/verdict.ts';
import { asRuleId } from '../../../core/vocabulary/ids.ts';
import { minute, ruleOf } from '../../detection/rules/rule.ts';

const keepFiring = 5 * minute;
const errorFor = 10 * minute;
const subjectOf = (noData: 'ok' | 'alert' | 'hold', aboutRule: boolean): AlertSubject => ({
  ruleId: asRuleId('slow'),
  rule: ruleOf({ threshold: { above: { warn: 1, critical: 2 } }, keepFiring: '5m', errorFor: '10m', noData }),
  labels: { model: 'm', host: 'a' },
  category: aboutRule ? 'pipeline' : 'latency',
  groupBy: ['model'],
  aboutRule,
});

const status = fc.constantFrom<Verdict['status'][]>('ok', 'warn', 'critical', 'no data', 'error');
const verdicts = fc.array(
  fc.record({ after: fc.integer({ min: -2, max: 8 }), status, judged: fc.boolean(), breaching: fc.integer({ min: 0, max: 2 }) }),
  { maxLength: 40 },
);

type Step = { before: Alert | undefined; verdict: Verdict; after: Alert | undefined; change: string | undefined };

/** The life of one alert under verdicts whose times may also step back a little. */
function lifeOf(
  given: { after: number; status: Verdict['status']; judged: boolean; breaching: number }[],
  subject: AlertSubject,
): Step[] {
  let at = 1_700_000_040_000;
  let alert: Alert | undefined;
  return given.map(({ after, judged, ...rest }) => {
    at += after * minute;
    const verdict: Verdict = { ...rest, at, reason: rest.status, judged: rest.status === 'ok' ? judged : true };
    const before = alert;
    const step = nextAlert(before, verdict, subject);
    alert = step.alert;
    return { before, verdict, after: step.alert, change: step.change };
  });
}

const isActive = (alert: Alert | undefined): boolean => alert?.state === 'firing' || alert?.state === 'recovering';
const every = (check: (step: Step, noData: string, aboutRule: boolean) => void): void => {
  fc.assert(
    fc.property(verdicts, fc.constantFrom('ok', 'alert', 'hold'), fc.boolean(), (given, noData, aboutRule) => {
      for (const step of lifeOf(given, subjectOf(noData, aboutRule))) check(step, noData, aboutRule);
    }),
  );
};

describe('any life of an alert', () => {
  it('writes nothing where it says that nothing changed', () => {
    every(({ before, after, change }) => {
      if (change === undefined) expect(after).toEqual(before);
    });
  });

  it('is undone by no verdict that is older', () => {
    every(({ before, verdict, change }) => {
      if (before !== undefined && verdict.at <= before.evaluatedAt && verdict.at > before.evaluatedAt - maxClockStep)
        expect(change).toBe(undefined);
    });
  });

  it('is ended by no error, and by missing data only where the rule says so or it had been well before', () => {
    every(({ before, verdict, after }, noData) => {
      if (!isActive(before)) return;
      if (verdict.status === 'error') expect(isActive(after)).toBe(true);
      const isOver = before?.state === 'recovering' && verdict.at - before.breachedAt >= keepFiring;
      if (verdict.status === 'no data' && noData !== 'ok') expect(isActive(after)).toBe(noData === 'alert' || !isOver);
      const leaves = before?.belowSince !== undefined && verdict.at - before.belowSince >= keepFiring;
      if (verdict.status === 'ok' && !verdict.judged && !isOver && !leaves) expect(after).toEqual(before);
    });
  });

  it('ends firing only by way of recovering, and recovering only after keepFiring', () => {
    every(({ before, verdict, after }) => {
      if (before?.state === 'firing') expect(after?.state).toMatch(/^(firing|recovering)$/);
      if (before?.state === 'recovering' && after?.state === 'resolved') {
        expect(verdict.at - before.breachedAt).toBeGreaterThanOrEqual(keepFiring);
      }
    });
  });

  it('about the rule itself fires only after errorFor', () => {
    every(({ before, verdict, after }, _, aboutRule) => {
      if (!aboutRule || isActive(before) || !isActive(after)) return;
      expect(before?.state).toBe('pending');
      expect(verdict.at - (before?.since ?? 0)).toBeGreaterThanOrEqual(errorFor);
    });
  });

  it('is as severe as the last verdict that breached, but critical until no verdict has been for keepFiring', () => {
    every(({ before, verdict, after, change }) => {
      if (change === undefined || !isActive(after)) return;
      if (verdict.status === 'critical') expect([after?.severity, after?.belowSince]).toEqual(['critical', undefined]);
      if (verdict.status === 'warn' && (!isActive(before) || before?.severity === 'warn')) expect(after?.severity).toBe('warn');
      if (before?.severity === 'critical' && after?.severity === 'warn' && isActive(before))
        expect(verdict.at - (before.belowSince ?? verdict.at)).toBeGreaterThanOrEqual(keepFiring);
    });
  });

  it('is pending through what cannot be judged for no longer than points are looked at', () => {
    every(({ before, verdict, after }) => {
      if (before?.state !== 'pending' || before.aboutRule || verdict.at - before.since <= 4 * minute) return;
      if (verdict.at <= before.evaluatedAt) return;
      if (verdict.status === 'error' || (verdict.status === 'ok' && !verdict.judged)) expect(after?.state).toBe('resolved');
    });
  });
});
