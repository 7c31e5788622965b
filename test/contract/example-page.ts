import type { AlertSummary } from '../../core/alerting/alerts/alert-summary.ts';
import type { HeldPage, Page } from '../../core/response/paging/page.ts';
import { asFingerprint, asIncidentId, asRuleId } from '../../core/vocabulary/ids.ts';

const at = Date.UTC(2026, 0, 5, 9, 0, 30);

export function exampleAlert(over: Partial<AlertSummary> = {}): AlertSummary {
  return {
    fingerprint: asFingerprint('f1'),
    ruleId: asRuleId('flight-accuracy'),
    title: 'Accuracy of flight delays',
    labels: { model: 'flight-delays', environment: 'production' },
    severity: 'critical',
    state: 'firing',
    since: at - 3_600_000,
    reason: 'accuracy 0.71 is 11.3% below the baseline 0.8 (critical from 10%), 3 of 5 points',
    value: 0.71,
    degradation: 0.1125,
    baseline: { kind: 'rolling', value: 0.8, statistic: 'median', points: 40, from: at - 86_400_000, to: at },
    bound: 0.72,
    owner: 'team-ml',
    runbook: 'accuracy-drop',
    rollback: 'flight-delays',
    ...over,
  };
}

export function examplePage(over: Partial<Page> = {}): Page {
  return {
    incidentId: asIncidentId('inc-0123456789'),
    status: 'triggered',
    severity: 'critical',
    category: 'performance',
    reason: 'triggered',
    why: 'a critical alert fired',
    title: 'Accuracy of flight delays (flight-delays, production)',
    since: at - 3_600_000,
    at,
    target: 'responder/ana',
    tier: 1,
    owner: 'team-ml',
    groupLabels: { model: 'flight-delays', environment: 'production' },
    alerts: [exampleAlert()],
    alertCount: 1,
    runbookUrl: 'http://127.0.0.1:4319/runbooks/accuracy-drop',
    incidentUrl: 'http://127.0.0.1:4319/incidents/inc-0123456789',
    rollback: { name: 'flight-delays', text: 'offered: return from 2 to 1', offered: true },
    held: [],
    ...over,
  };
}

export function exampleHeld(over: Partial<HeldPage> = {}): HeldPage {
  return {
    incidentId: asIncidentId('inc-9876543210'),
    title: 'Latency of flight delays',
    status: 'triggered',
    severity: 'critical',
    reason: 'triggered',
    why: 'a critical alert fired',
    since: Date.UTC(2026, 0, 5, 8, 30),
    tier: 1,
    url: 'http://127.0.0.1:4319/incidents/inc-9876543210',
    ...over,
  };
}
