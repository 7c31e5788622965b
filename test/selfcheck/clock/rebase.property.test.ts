import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../core/alerting/alerts/alert.ts';
import { heartbeatSchema } from '../../../core/alerting/heartbeats/heartbeat-schema.ts';
import { troublesOf } from '../../../core/alerting/heartbeats/troubles-of.ts';
import type { Incident } from '../../../core/response/incidents/incident.ts';
import type { Effect } from '../../../core/response/outbox/effect.ts';
import { rebasedNote } from '../../../core/selfcheck/clock/notes.ts';
import {
  rebasedAlert,
  rebasedDeployment,
  rebasedEffect,
  rebasedHeartbeat,
  rebasedIncident,
  rebasedOverride,
  rebasedSilence,
} from '../../../core/selfcheck/clock/rebase.ts';
import { type ClockStep, stepBack, stepBetween } from '../../../core/selfcheck/clock/step.ts';
import { pingNote, ticksNote } from '../../../core/selfcheck/vitals/stored-rules.ts';
import { tickNote, vitalsNote } from '../../../core/selfcheck/vitals/stored-vitals.ts';
import { asFingerprint, asIncidentId, asRuleId } from '../../../core/vocabulary/ids.ts';
import type { StoredNote } from '../../../core/vocabulary/stored-record.ts';
import {
  exampleAlert,
  exampleDeployment,
  exampleHeartbeat,
  exampleIncident,
  exampleOverride,
  examplePageEffect,
  exampleSilence,
  exampleWake,
  minute,
  t0,
} from '../../contract/store-examples.ts';

const day = 86_400_000;
const at = fc.integer({ min: t0 - 3 * day, max: t0 + 3 * day });
const steps = fc
  .tuple(fc.integer({ min: -2 * day, max: 2 * day }), fc.integer({ min: 0, max: day }))
  .map(([by, now]): ClockStep => ({ from: t0 + now, to: t0 + now + by }));
const back = ({ from, to }: ClockStep): ClockStep => ({ from: to, to: from });

/** An incident, and an alert, with every time that they can have. */
const incidents = fc.array(at, { minLength: 20, maxLength: 20 }).map((times): Incident => {
  const next = (): number => times.pop() as number;
  return exampleIncident({
    openedAt: next(),
    since: next(),
    acknowledgedAt: next(),
    resolvedAt: next(),
    reopenedAt: next(),
    joinedPagedAt: next(),
    nextStepAt: next(),
    deadlines: {
      groupWait: next(),
      acknowledge: next(),
      ackTimeout: next(),
      resolve: next(),
      verify: next(),
      recheck: next(),
      joined: next(),
      restart: next(),
    },
    rollback: { ...rollbackStep, at: next() },
    related: [{ id: asIncidentId('inc-9'), title: 'other', why: 'near', at: next() }],
    alerts: [{ ...brief, since: next() }],
  });
});
const rollbackStep = {
  name: 'r',
  deployment: 'd',
  state: 'verifying',
  requestId: 'q',
  fingerprint: asFingerprint('f'),
  reason: 'why',
} as unknown as NonNullable<Incident['rollback']>;
const brief = {
  fingerprint: asFingerprint('f'),
  ruleId: asRuleId('slow'),
  title: 'slow',
  labels: {},
  severity: 'critical',
  state: 'firing',
  since: 0,
  reason: 'why',
  runbook: '',
} as const;

const alerts = fc.array(at, { minLength: 12, maxLength: 12 }).map((times): Alert => {
  const next = (): number => times.pop() as number;
  return exampleAlert({
    since: next(),
    firedAt: next(),
    resolvedAt: next(),
    breachedAt: next(),
    evaluatedAt: next(),
    provisional: { at: next(), value: 1, until: next() },
    refusals: { key: { since: next(), series: 's', reason: 'r' } },
    external: { source: 'p', title: 't', runbook: 'r', startsAt: t0 - 9 * day, endsAt: next() },
    excluded: [],
  });
});

/** Every number of a record that is a time, by its path. */
function timesIn(value: unknown, path = ''): Map<string, number> {
  const found = new Map<string, number>();
  if (typeof value === 'number' && value > t0 - 30 * day) found.set(path, value);
  if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) for (const [p, n] of timesIn(inner, `${path}.${key}`)) found.set(p, n);
  return found;
}

/** Those are times of samples or of senders, which the clock of this machine says nothing about. */
const ofSamples = /^\.(baseline|provisional\.at|settled|external\.startsAt|drift)/;

describe('after a step of the clock', () => {
  it('every time that an incident waits for or counts from is as far from now as before', () => {
    fc.assert(
      fc.property(incidents, steps, (incident, step) => {
        const after = timesIn(rebasedIncident(incident, step));
        for (const [path, before] of timesIn(incident))
          expect([path, (after.get(path) ?? 0) - step.to]).toEqual([path, before - step.from]);
      }),
    );
  });

  it('every time that an alert waits for or counts from is as far from now as before, and those of samples stay', () => {
    fc.assert(
      fc.property(alerts, steps, (alert, step) => {
        const after = timesIn(rebasedAlert(alert, step));
        for (const [path, before] of timesIn(alert)) {
          const [now, was] = ofSamples.test(path) ? [step.from, step.from] : [step.to, step.from];
          expect([path, (after.get(path) ?? 0) - now]).toEqual([path, before - was]);
        }
      }),
    );
  });

  it('an effect is due in as long, and has been tried for as long; a wake also says so itself', () => {
    const of = (effect: Effect) => ({ effect, attempts: 1, notBefore: t0, firstTriedAt: t0 - minute, done: false });
    fc.assert(
      fc.property(steps, (step) => {
        for (const effect of [examplePageEffect(), exampleWake()]) {
          const after = timesIn(rebasedEffect(of(effect), step));
          for (const [path, before] of timesIn(of(effect))) expect((after.get(path) ?? 0) - step.to).toBe(before - step.from);
        }
      }),
    );
  });

  it('a step that is undone leaves everything as it was', () => {
    fc.assert(
      fc.property(incidents, alerts, steps, (incident, alert, step) => {
        expect(rebasedIncident(rebasedIncident(incident, step), back(step))).toEqual(incident);
        expect(rebasedAlert(rebasedAlert(alert, step), back(step))).toEqual(alert);
        const deployment = exampleDeployment();
        expect(rebasedDeployment(rebasedDeployment(deployment, step), back(step)).rolledBackAt).toEqual(deployment.rolledBackAt);
      }),
    );
  });

  const aDayBack: ClockStep = { from: t0 + day, to: t0 };

  it('what happened by a clock that ran ahead happened by now, and what happened before stays', () => {
    const external = { source: 'p', title: 't', runbook: 'r', endsAt: t0 + day };
    const startOf = (startsAt: number) =>
      rebasedAlert(exampleAlert({ external: { ...external, startsAt } }), aDayBack).external?.startsAt;
    expect(startOf(t0 + day - minute)).toBe(t0 - minute);
    expect(startOf(t0 - minute)).toBe(t0 - minute);
    const spans = [
      { from: t0 - 2 * minute, to: t0 - minute },
      { from: t0 + day - 2 * minute, to: t0 + day - minute },
    ];
    expect(rebasedAlert(exampleAlert({ excluded: spans }), aDayBack).excluded).toEqual([spans[0], spans[0]]);
  });

  it('a silence lasts as long as it was made for; an override that was made until a time ends then', () => {
    const silence = exampleSilence({ from: t0 + day, until: t0 + day + 2 * 60 * minute });
    expect(rebasedSilence(silence, aDayBack)).toMatchObject({ from: t0, until: t0 + 2 * 60 * minute });
    const override = exampleOverride({ from: t0 + day, until: t0 + day + 60 * minute });
    expect(rebasedOverride(override, aDayBack)).toEqual(override);
    const forAnHour = { ...override, forMs: 60 * minute };
    expect(rebasedOverride(forAnHour, aDayBack)).toMatchObject({ from: t0, until: t0 + 60 * minute });
  });

  it('notes of the runtime move, and those that cannot be read stay', () => {
    const next = <T>(note: StoredNote<T>, value: T, step: ClockStep): unknown => {
      const decoded = note.decode(rebasedNote(note.key, note.encode(value), step) ?? '');
      return decoded.ok ? decoded.value : decoded.reason;
    };
    const step = { from: 0, to: 5 };
    expect(next(ticksNote, { sources: { pushed: t0 + day } }, aDayBack)).toEqual({ sources: { pushed: t0 } });
    const tick = { rules: 3, series: 4, tookMs: 5, skipped: 0 };
    expect(next(tickNote, { at: 1, ...tick }, step)).toEqual({ at: 6, ...tick });
    const oldestEffect = { id: 'a', kind: 'page' };
    expect(next(vitalsNote, { at: 1, open: 2, oldestEffect: { ...oldestEffect, dueSince: 1 } }, step)).toEqual({
      at: 6,
      open: 2,
      oldestEffect: { ...oldestEffect, dueSince: 6 },
    });
    expect(next(pingNote, { at: 7 }, step)).toEqual({ at: 12 });
    for (const text of ['', 'no json', '[]', 'null']) expect(rebasedNote('vitals', text, aDayBack)).toBeUndefined();
    expect(rebasedNote('config', '{"at":1}', aDayBack)).toBeUndefined();
  });
});

describe('a step', () => {
  const reading = { at: t0, uptime: 1000 };
  it('is what the time of day went without time passing', () => {
    expect(stepBetween(reading, { at: t0 + 5000, uptime: 6000 })).toBeUndefined();
    expect(stepBetween(reading, { at: t0 + day + 5000, uptime: 6000 })).toEqual({ from: t0 + 5000, to: t0 + day + 5000 });
    expect(stepBetween(reading, { at: t0 - day, uptime: 6000 })).toEqual({ from: t0 + 5000, to: t0 - day });
  });

  it('is none where the machine slept, or was set right by seconds', () => {
    expect(stepBetween(reading, { at: t0 + day, uptime: 1000 + day })).toBeUndefined();
    for (const by of [-2000, 2000]) expect(stepBetween(reading, { at: t0 + 5000 + by, uptime: 6000 })).toBeUndefined();
  });

  it('between two starts of the machine is only known where the clock shows less than before', () => {
    expect(stepBack(t0, t0 + day)).toBeUndefined();
    expect(stepBack(t0, t0 - day)).toEqual({ from: t0, to: t0 - day });
  });
});

describe('a heartbeat', () => {
  it('keeps its distance from now, and with it what is wrong with it', () => {
    const config = heartbeatSchema.parse({ every: '1h', maxDuration: '30m', stuckAfter: '10m', runbook: 'a' });
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 180 }), (step, minutes) => {
        const heartbeat = exampleHeartbeat();
        const [before, after] = [step.from + minutes * minute, step.to + minutes * minute];
        const moved = rebasedHeartbeat(heartbeat, step);
        const kinds = (one: typeof heartbeat, now: number): string[] => troublesOf(config, one, { now }).map(({ kind }) => kind);
        expect(kinds(moved, after)).toEqual(kinds(heartbeat, before));
        expect(rebasedHeartbeat(moved, back(step))).toEqual(heartbeat);
      }),
    );
  });
});
