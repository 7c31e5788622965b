import type * as z from 'zod';
import type { incidentSchema } from '../api/dto/incident.ts';
import type { nowIncidentSchema } from '../api/dto/now.ts';
import type { overrideSchema } from '../api/dto/override.ts';
import type { silenceSchema } from '../api/dto/silence.ts';

/** Things that several examples show. */
export const at = '2026-01-05T09:05:00.000Z';

export const exampleAlert = {
  fingerprint: '6d0c1b1f9a3e',
  rule: 'churn-accuracy',
  title: 'Accuracy of churn',
  labels: { model: 'churn', environment: 'production' },
  category: 'performance',
  severity: 'critical',
  state: 'firing',
  since: '2026-01-05T09:00:00.000Z',
  reason: 'accuracy 0.71 is 14 % below the median of 14 days, 0.83',
  value: 0.71,
  degradation: 0.14,
  baseline: {
    kind: 'rolling',
    value: 0.83,
    statistic: 'median',
    points: 336,
    from: '2025-12-22T09:00:00.000Z',
    to: '2026-01-05T09:00:00.000Z',
  },
  bound: 0.747,
  runbook: 'accuracy-drop',
} satisfies z.infer<typeof incidentSchema>['alerts'][number];

export const exampleIncident: z.infer<typeof incidentSchema> = {
  id: 'inc-4f1c09a2b7',
  title: 'Accuracy of churn',
  status: 'triggered',
  severity: 'critical',
  worst: 'critical',
  category: 'performance',
  groupLabels: { model: 'churn' },
  openedAt: '2026-01-05T09:00:30.000Z',
  since: '2026-01-05T09:00:00.000Z',
  reopened: 0,
  counts: { critical: 1, warn: 0, info: 0, muted: 0, resolved: 0 },
  alerts: [exampleAlert],
  causes: [],
  related: [],
  escalation: { policy: 'ml', tier: 1, tiers: 2, targets: ['responder/ana'], acknowledgeWithinMs: 900_000 },
  nextStepAt: '2026-01-05T09:10:30.000Z',
};

export const exampleInShort: z.infer<typeof nowIncidentSchema> = {
  ...{ id: 'inc-4f1c09a2b7', title: 'slow (m)', status: 'triggered', severity: 'critical', worst: 'critical' },
  ...{ category: 'latency', groupLabels: { model: 'm' }, openedAt: at, since: at },
  ...{ alerts: 1, what: 'latency 250 (critical above 200), 1 of 1 points', value: 250, rule: 'slow', paged: ['ana'] },
  next: { kind: 'next tier', at, targets: ['responder/ben'], names: ['ben'], text: 'ben is paged' },
};

export const exampleSilence: z.infer<typeof silenceSchema> = {
  id: 'sil-3b1f0c9d2e',
  match: ['model="churn"'],
  from: at,
  until: '2026-01-05T11:05:00.000Z',
  by: 'cli:ana',
  comment: 'deploying',
};

export const exampleOverride: z.infer<typeof overrideSchema> = {
  id: 'ovr-9c2d7e1f4a',
  schedule: 'ml',
  assignee: 'ben',
  from: at,
  until: '2026-01-05T13:05:00.000Z',
  createdAt: at,
  by: 'cli:ana',
  comment: 'Ana is ill',
};
