import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../core/config/schema.ts';
import { type DeploymentState, lostDeployment, newDeployment } from '../../core/remediation/deployments/deployment.ts';
import { shareOf } from '../../core/remediation/deployments/traffic.ts';
import { openBreaker } from '../../core/remediation/rollback/breaker.ts';
import { decideRollback } from '../../core/remediation/rollback/decide.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';

const hour = 3_600_000;
const now = 1000 * hour;
const rollback = configSchema.parse({
  matrix: { default: { warn: { policy: 'p' }, critical: { policy: 'p' } } },
  rollbacks: { r: { deployment: 'scorer', automatic: true, goodAfter: '1h' } },
}).rollbacks['r'] as NonNullable<ReturnType<typeof configSchema.parse>['rollbacks'][string]>;

const names = ['1', '2', '3', '4', '5'];
const some = fc.option(fc.integer({ min: 0, max: 3 * hour }), { nil: undefined });
const view = fc
  .record({
    current: fc.constantFrom(...names),
    candidates: fc.uniqueArray(
      fc.record({
        version: fc.constantFrom(...names),
        servedMs: some,
        deployedAt: fc.option(fc.integer({ min: 0, max: now }), { nil: undefined }),
        compatible: fc.option(fc.boolean(), { nil: undefined }),
      }),
      { selector: ({ version }) => version },
    ),
    beside: fc.option(fc.record({ version: fc.constantFrom(...names), weight: fc.double({ min: 0.01, max: 1, noNaN: true }) })),
  })
  .map(({ current, candidates, beside }) => ({
    current,
    candidates: candidates.map((one) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined))),
    ...(beside === null || beside.version === current
      ? {}
      : { split: [{ version: current, weight: 1 - beside.weight }, beside] }),
  }));
const deployment = fc
  .record({
    served: fc.uniqueArray(fc.record({ version: fc.constantFrom(...names), ms: fc.integer({ min: 0, max: 3 * hour }) }), {
      selector: ({ version }) => version,
    }),
    knownBad: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }),
  })
  .map(
    ({ served, knownBad }): DeploymentState => ({
      ...newDeployment('scorer'),
      served: served.map((one) => ({ ...one, lastAt: now })),
      knownBad: knownBad.map((version) => ({ version, at: 0, incidentId: asIncidentId('i') })),
    }),
  );
const alertVersion = fc.option(fc.constantFrom(...names), { nil: undefined });

describe('whatever a hook says', () => {
  it('an automatic rollback goes to what serves most, or to what is known to have served long enough', () => {
    fc.assert(
      fc.property(view, deployment, alertVersion, (seen, state, about) => {
        const asked = { rollback, severity: 'critical', deployment: state, view: seen as never, byPerson: false, now } as const;
        const verdict = decideRollback({ ...asked, alertVersion: about });
        if (!verdict.go) return;
        const { from, to } = verdict;
        expect(from).not.toBe(to);
        expect(shareOf(seen, from)).toBeGreaterThan(0);
        expect(state.knownBad.map(({ version }) => version)).not.toContain(to);
        expect(about).not.toBe(to);
        const candidate = seen.candidates.find(({ version }) => version === to) as { servedMs?: number; compatible?: boolean };
        const known = Math.max(
          seen.current === to ? 0 : (candidate?.servedMs ?? 0),
          state.served?.find(({ version }) => version === to)?.ms ?? 0,
        );
        expect(shareOf(seen, to) > 0.5 || known >= hour).toBe(true);
        if (to !== seen.current) expect(candidate.compatible).not.toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('what is offered to a person is what the button does', () => {
    fc.assert(
      fc.property(view, deployment, alertVersion, (seen, state, about) => {
        const asked = {
          rollback,
          severity: 'critical',
          deployment: state,
          view: seen as never,
          alertVersion: about,
          now,
        } as const;
        const verdict = decideRollback({ ...asked, byPerson: false });
        const pressed = decideRollback({ ...asked, byPerson: true });
        if (verdict.go || verdict.offer) expect(pressed).toMatchObject({ go: true, from: verdict.from, to: verdict.to });
        else expect(pressed).toMatchObject({ go: false, offer: false });
      }),
      { numRuns: 1000 },
    );
  });
});

describe('of a deployment whose record could not be read', () => {
  const lost = lostDeployment('scorer', 3);
  const seen = { current: '2', candidates: [{ version: '1', servedMs: 2 * hour }] };
  const asked = { rollback, severity: 'critical', view: seen, now } as const;

  it('nothing is rolled back by itself, for nobody knows which versions are bad, and a person may', () => {
    expect(decideRollback({ ...asked, deployment: undefined, byPerson: false })).toMatchObject({ go: true, to: '1' });
    expect(decideRollback({ ...asked, deployment: lost, byPerson: false })).toMatchObject({
      go: false,
      offer: true,
      reason: expect.stringContaining('could not be read'),
    });
    expect(decideRollback({ ...asked, deployment: lost, byPerson: true })).toMatchObject({ go: true, to: '1' });
  });

  it('a rollback by a person puts an end to that', () => {
    expect(openBreaker(lost, 'responder/ana', now).lost).toBeUndefined();
    expect(openBreaker(lost, 'tocsin', now).lost).toBe(true);
  });
});
