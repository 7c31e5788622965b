/** One person who is paged about the alerts of another system. */
export const alertsOnly = `
responders:
  ana: { name: Ana Silva, contacts: [{ terminal: true }] }
policies:
  main:
    tiers: [{ targets: [{ responder: ana }], ackWithin: 10m }]
matrix: { default: { warn: { policy: main }, critical: { policy: main } } }
sources:
  monitoring: { kind: alerts, category: availability, runbook: late, groupBy: [alertname] }
rules: {}
`;

/** A critical alert, as Prometheus posts it. */
export const firing = (name: string) => [
  {
    labels: { alertname: name, severity: 'critical' },
    annotations: { summary: `${name} is broken` },
    startsAt: '2026-06-01T11:58:00Z',
  },
];
