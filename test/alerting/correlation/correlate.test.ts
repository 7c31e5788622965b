import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isActive } from '../../../core/alerting/alerts/alert.ts';
import { linkOf } from '../../../core/alerting/correlation/link.ts';
import { upstreamMuting } from '../../../core/alerting/correlation/upstream.ts';
import { incidentToJoin, relatedIncidents, worstFirst } from '../../../core/response/incidents/correlate.ts';
import { minute, t0 } from '../../scenario/harness.ts';
import { alertOf, configWith, graph, incidentOf, shop, someAlerts } from './graphs.ts';

const config = configWith(shop);
const { within } = config.settings.correlation;
const late = alertOf('late', { dataset: 'orders' });
const wrongAt = (minutes: number, more = {}) => alertOf('wrong', { model: 'churn' }, { since: t0 + minutes * minute, ...more });
const choice = (alerts: Parameters<typeof incidentToJoin>[2], incidents: Parameters<typeof incidentToJoin>[3]) =>
  incidentToJoin(graph, config, alerts, incidents);

describe('alerts that would begin an incident', () => {
  it('join that of a cause that began near to them, and say why', () => {
    const { joins } = choice([wrongAt(5)], [incidentOf('inc-a', [late], config)]);
    expect(joins?.incident.id).toBe('inc-a');
    expect(joins?.why).toMatch(/^model churn depends on data orders; late is critical there since /);
  });

  it('that begin later stay apart and are related, but for those whose pages the cause withholds', () => {
    const incident = incidentOf('inc-a', [late], config);
    expect(choice([wrongAt(11)], [incident])).toEqual({
      joins: undefined,
      apart: [{ incident, why: expect.stringMatching(/; not joined: they began 11m apart$/) }],
    });
    const muted = { by: 'upstream', text: 'upstream: late fires, and model churn depends on data orders' } as const;
    expect(choice([wrongAt(600, { muted })], [incident]).joins?.incident.id).toBe('inc-a');
  });

  it('and page stay apart when they begin later, although others of their group are explained', () => {
    const muted = { by: 'upstream', text: 'upstream: late fires, and model churn depends on data orders' } as const;
    const incident = incidentOf('inc-a', [{ ...late, severity: 'warn' }], config, { severity: 'warn' });
    const explained = alertOf('other', { model: 'churn' }, { since: t0 + 600 * minute, severity: 'warn', muted });
    expect(choice(worstFirst([explained]), [incident]).joins?.incident.id).toBe('inc-a');
    const { joins, apart } = choice(worstFirst([explained, wrongAt(600)]), [incident]);
    expect(joins).toBeUndefined();
    expect(apart).toHaveLength(1);
  });

  it('join an acknowledged incident only when they are near to what was known then', () => {
    const acknowledged = { status: 'acknowledged', acknowledgedAt: t0 + 3 * minute, acknowledgedBy: 'responder/ana' } as const;
    const early = incidentOf('inc-a', [late], config, acknowledged);
    expect(choice([wrongAt(8)], [early]).joins?.incident.id).toBe('inc-a');
    const after = incidentOf('inc-a', [{ ...late, since: t0 + 5 * minute }], config, acknowledged);
    const { joins, apart } = choice([wrongAt(8)], [after]);
    expect(joins).toBeUndefined();
    expect(apart[0]?.why).toMatch(/not joined: responder\/ana acknowledged before it began$/);
  });

  it('join the incident of the cause rather than that of another effect', () => {
    const effect = incidentOf('inc-a', [alertOf('wrong', { service: 'checkout' })], config);
    const cause = incidentOf('inc-b', [late], config);
    const { joins, apart } = choice([wrongAt(1)], [effect, cause]);
    expect(joins?.incident.id).toBe('inc-b');
    expect(apart.map(({ incident }) => incident.id)).toEqual(['inc-a']);
  });

  it('never join one that is over, that has nothing to do with them, or that is of another environment', () => {
    fc.assert(
      fc.property(someAlerts(6), fc.array(someAlerts(6), { maxLength: 4 }), (own, groups) => {
        const alerts = worstFirst(own);
        const incidents = groups.map((group, n) => incidentOf(`inc-${n}`, group, config, n === 3 ? { status: 'resolved' } : {}));
        const { joins, apart } = choice(alerts, incidents);
        const has = (id: string): boolean => {
          const incident = incidents.find((one) => one.id === id);
          const active = (incident?.alerts ?? []).filter(({ state }) => state !== 'resolved');
          return alerts.some((alert) =>
            active.some((brief) => brief.fingerprint !== alert.fingerprint && linkOf(graph, alert, brief) !== undefined),
          );
        };
        for (const { incident } of [...(joins === undefined ? [] : [joins]), ...apart]) {
          expect(incident.status).not.toBe('resolved');
          expect(has(incident.id)).toBe(true);
        }
        expect(apart.map(({ incident }) => incident.id)).not.toContain(joins?.incident.id);
        expect(relatedIncidents(graph, alerts, incidents)).toHaveLength(apart.length + (joins === undefined ? 0 : 1));
      }),
    );
  });

  it('decide the same whatever the order of the incidents', () => {
    fc.assert(
      fc.property(someAlerts(5), fc.array(someAlerts(5), { maxLength: 4 }), (own, groups) => {
        const firing = [...own, ...groups.flat()].filter(isActive);
        const muted = upstreamMuting(graph, firing, () => false);
        const alerts = worstFirst(own.map((alert) => ({ ...alert, muted: isActive(alert) ? muted(alert) : undefined })));
        const incidents = groups.map((group, n) => incidentOf(`inc-${n}`, group, config));
        const [there, back] = [choice(alerts, incidents), choice(alerts, incidents.toReversed())];
        expect(back).toEqual(there);
      }),
    );
  });

  it('that page join only what one of them began near to', () => {
    fc.assert(
      fc.property(someAlerts(4), someAlerts(6), (own, others) => {
        const alerts = worstFirst(own);
        const { joins } = choice(alerts, [incidentOf('inc-a', others, config)]);
        if (joins === undefined) return;
        const near = alerts.some((alert) => others.some((other) => Math.abs(alert.since - other.since) <= within));
        expect(near).toBe(true);
      }),
    );
  });
});
