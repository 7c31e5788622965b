import { expect, it } from 'vitest';
import type { Baseline } from '../../core/detection/verdict.ts';
import { type auditEntryDto, auditLogSchema } from '../../http/api/dto/audit-entry.ts';
import { baselineDto, baselineOf, baselineSchema } from '../../http/api/dto/baseline.ts';
import { incidentDto, incidentSchema } from '../../http/api/dto/incident.ts';
import { overrideDto, overrideOf } from '../../http/api/dto/override.ts';
import { siteOf } from './site.ts';

it('an incident of the API is in the order of its schema, and has nothing of how people are reached', async () => {
  const webhook = { webhook: { url: 'https://pages.example/a-secret-path', secret: 'PAGES' } };
  const site = siteOf({
    part: {
      responders: {
        ana: { name: 'Ana', contacts: [webhook] },
        ben: { name: 'Ben', contacts: [webhook] },
        lea: { name: 'Lea', contacts: [webhook] },
      },
    },
  });
  await site.incident();
  const stored = await site.story.incident();
  expect(JSON.stringify(stored)).toContain('a-secret-path');
  const shown = JSON.parse(JSON.stringify(incidentDto(stored)));
  expect(JSON.stringify(shown)).not.toContain('a-secret-path');
  expect(JSON.stringify(incidentSchema.parse(shown))).toBe(JSON.stringify(shown));
});

it('numbers that JSON does not have are left out', async () => {
  const site = siteOf();
  await site.incident();
  const stored = await site.story.incident();
  const alerts = stored.alerts.map((alert) => ({ ...alert, degradation: Number.POSITIVE_INFINITY, value: Number.NaN }));
  const [alert] = incidentDto({ ...stored, alerts }).alerts;
  expect(alert).toMatchObject({ degradation: undefined, value: undefined, bound: 200 });
});

const [from, to] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 2)];
const baselines: Baseline[] = [
  { kind: 'fixed', value: 1 },
  { kind: 'expected', value: 1 },
  { kind: 'earlier', value: 1, from },
  { kind: 'rolling', value: 1, statistic: 'median', points: 3, from, to },
  { kind: 'seasonal', value: 1, season: 'week', spread: 2, points: 3, periods: 4, from, to },
  { kind: 'version', value: 1, version: '7', statistic: 'mean', points: 3, from, to },
  { kind: 'training', value: 1, version: '7', dataset: 'd', count: 100, at: from },
  { kind: 'profile', value: 0, what: 'the last 14 days', count: 100, from, to },
];

it.each(baselines)('a $kind baseline goes over the wire and comes back as it was', (baseline) => {
  const sent: unknown = JSON.parse(JSON.stringify(baselineDto(baseline)));
  expect(baselineOf(baselineSchema.parse(sent))).toEqual(baseline);
});

it('an override goes over the wire and comes back as what decides who is on call', () => {
  const override = {
    id: 'ovr-1',
    schedule: 'ml',
    responder: 'ben',
    from,
    until: to,
    at: from,
    by: 'cli:ana',
    comment: 'ill',
    version: 1,
  };
  expect(overrideOf(overrideDto(override))).toEqual(override);
});

it('an entry of the audit log has no severity, which would be made up', async () => {
  const site = siteOf();
  await site.post('/api/silences', { match: { model: 'm' }, durationMs: 1000 });
  const { entries } = auditLogSchema.parse(await (await site.get('/api/audit-log')).json());
  expect(entries).toHaveLength(1);
  expect(Object.keys(entries[0] as ReturnType<typeof auditEntryDto>)).not.toContain('severity');
});
