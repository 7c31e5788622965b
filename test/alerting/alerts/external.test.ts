import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../core/alerting/alerts/alert.ts';
import { type AlertPayload, parseAlerts } from '../../../core/alerting/alerts/alert-payload.ts';
import { endedExternal, nextExternal, nextOfPosts, remembersEnd } from '../../../core/alerting/alerts/external.ts';
import { normalizeAlert } from '../../../core/alerting/alerts/normalize.ts';
import type { AlertsSourceConfig } from '../../../core/telemetry/sources/kinds/alerts.ts';
import { sourceSchema } from '../../../core/telemetry/sources/source-schema.ts';

const t0 = Date.UTC(2026, 0, 5, 9);
const minute = 60_000;

const sourceOf = (more: Record<string, unknown> = {}): AlertsSourceConfig =>
  sourceSchema.parse({ kind: 'alerts', category: 'availability', runbook: 'default', ...more }) as AlertsSourceConfig;

const parsed = (value: unknown): AlertPayload => {
  const { records, rejected } = parseAlerts([{ index: 0, value }]);
  if (records[0] === undefined) throw new Error(rejected[0]?.reason);
  return records[0].value;
};
const reasonFor = (value: unknown): string | undefined => parseAlerts([{ index: 0, value }]).rejected[0]?.reason;
const told = (value: Record<string, unknown>, now = t0, more: Record<string, unknown> = {}) =>
  normalizeAlert(
    parsed({ labels: { alertname: 'Down' }, ...value }),
    { name: 'prom', source: sourceOf(more), groupBy: () => ['model'] },
    now,
  );

const iso = (at: number): string => new Date(at).toISOString();
const post = (start: number, end: number, now: number) =>
  told({ startsAt: iso(t0 + start * minute), endsAt: iso(t0 + end * minute) }, t0 + now * minute);

/**
 * Posts as [start, end, time of arrival] in minutes; what each changed, and the alert afterwards.
 */
function lived(...posts: [number, number, number][]): { changes: (string | undefined)[]; alert: Alert | undefined } {
  let alert: Alert | undefined;
  const changes = posts.map(([start, end, now]) => {
    const step = nextExternal(alert, post(start, end, now), t0 + now * minute);
    alert = step.alert;
    return step.change;
  });
  return { changes, alert };
}

describe('what a post says', () => {
  test('labels become severity, category, runbook, owner and group; annotations only describe', () => {
    const alert = told({
      labels: {
        alertname: 'Slow',
        severity: 'page',
        category: 'latency',
        runbook: 'latency-spike',
        owner: 'serving',
        model: 'm',
      },
      annotations: { summary: 'Answers are slow', description: 'p99 is 3 s' },
      generatorURL: 'http://prometheus/graph?x=1',
    });
    expect(alert).toMatchObject({
      ruleId: 'prom/Slow',
      severity: 'critical',
      category: 'latency',
      groupLabels: { model: 'm' },
      reason: 'p99 is 3 s',
      external: {
        source: 'prom',
        title: 'Answers are slow',
        runbook: 'latency-spike',
        owner: 'serving',
        link: 'http://prometheus/graph?x=1',
      },
    });
  });

  test('an annotation that is blank says nothing, so the next one or the default does', () => {
    expect(told({ annotations: { description: ' \n', message: 'p99 is 3 s', summary: '' } })).toMatchObject({
      reason: 'p99 is 3 s',
      external: { title: 'Down' },
    });
    expect(told({ annotations: { description: '' } }).reason).toBe('Down fires in prom');
  });

  test('without them the defaults of its source hold, and it ends after endsAfter', () => {
    const alert = told({ labels: { alertname: 'Slow', severity: 'P9', category: 'nonsense' } }, t0, {
      owner: 'platform',
      endsAfter: '7m',
    });
    expect(alert).toMatchObject({ severity: 'warn', category: 'availability', reason: 'Slow fires in prom' });
    expect(alert.external).toEqual({
      source: 'prom',
      title: 'Slow',
      runbook: 'default',
      owner: 'platform',
      startsAt: t0,
      endsAt: t0 + 7 * minute,
      timeout: true,
    });
  });

  test('a severity is read by the words of its source, which no inherited property is one of', () => {
    const severities = { sev1: 'critical', sev3: 'warn' };
    const severityOf = (level: string) =>
      told({ labels: { level } }, t0, { severityLabel: 'level', severities, severity: 'critical' }).severity;
    expect(['sev1', 'sev3', 'sev2', 'constructor', '__proto__'].map(severityOf)).toEqual([
      'critical',
      'warn',
      'critical',
      'critical',
      'critical',
    ]);
  });

  test('labels of the source replace those that were sent, so that nobody sends for another environment', () => {
    const spoofed = told({ labels: { environment: 'production' } }, t0, { labels: { environment: 'staging' } });
    expect(spoofed.labels).toEqual({ environment: 'staging' });
    expect(spoofed.fingerprint).toBe(
      told({ labels: { environment: 'x' } }, t0, { labels: { environment: 'staging' } }).fingerprint,
    );
  });

  test.each([
    ['runbook_url', 'https://wiki/runbooks/slow', 'https://wiki/runbooks/slow'],
    ['runbook', 'latency-spike', 'latency-spike'],
    ['runbook', 'javascript:alert(1)', 'default'],
    ['runbook_url', 'https://', 'default'],
    ['runbook', '../../etc/passwd', 'default'],
  ])('the annotation %s: %s leads to the runbook %s', (name, text, runbook) => {
    expect(told({ annotations: { [name]: text } }).external.runbook).toBe(runbook);
  });

  test('a start that lies ahead of our clock is now, and Go’s zero time is none at all', () => {
    expect(told({ startsAt: iso(t0 + 60 * minute), endsAt: iso(t0 + 90 * minute) }).external.startsAt).toBe(t0);
    expect(told({ startsAt: '0001-01-01T00:00:00Z', endsAt: '0001-01-01T00:00:00Z' }).external).toMatchObject({
      startsAt: t0,
      endsAt: t0 + 5 * minute,
    });
  });

  test.each<[unknown, RegExp]>([
    [{ labels: {} }, /^labels: expected at least one label that is not empty/],
    [{ labels: { a: '' } }, /^labels: expected at least one label/],
    [{}, /^labels: expected an object of label names and texts; received nothing/],
    [{ labels: { a: 1 } }, /^labels\.a: expected a text; received 1/],
    [{ labels: { '': 'x' } }, /^labels\.: expected a name, not empty/],
    [{ labels: { a: 'x' }, startsAt: 'yesterday' }, /^startsAt: expected a time such as/],
    [{ labels: { a: 'x' }, startsAt: iso(t0), endsAt: iso(t0 - 1) }, /^endsAt: expected a time at or after startsAt/],
    ['nonsense', /^expected a record/],
  ])('%j is refused with its field and reason', (value, reason) => {
    expect(reasonFor(value)).toMatch(reason);
  });

  test('more names than anybody means are refused, with the one alert that has them', () => {
    const labels = Object.fromEntries(Array.from({ length: 10_001 }, (_, n) => [`l${n}`, 'x']));
    expect(reasonFor({ labels })).toMatch(/^labels: expected at most 10000/);
  });

  test('a label with an empty value is the same as none', () => {
    expect(told({ labels: { a: 'x', b: '' } }).fingerprint).toBe(told({ labels: { a: 'x' } }).fingerprint);
  });
});

describe('the life of an external alert', () => {
  test('fires, is refreshed by repeats that bring a later end, and resolves', () => {
    const { changes, alert } = lived([0, 5, 1], [0, 6, 2], [0, 6, 2], [0, 3, 3], [0, 3, 4]);
    expect(changes).toEqual(['fired', 'refreshed', undefined, 'resolved', undefined]);
    expect(alert).toMatchObject({ state: 'resolved', since: t0, resolvedAt: t0 + 3 * minute, reason: 'resolved in prom' });
  });

  test('the last post counts: whoever tells of it after it resolved is believed, with the same times as before, too', () => {
    expect(lived([0, 5, 1], [0, 3, 3], [0, 7, 4]).changes).toEqual(['fired', 'resolved', 'fired']);
    expect(lived([0, 5, 1], [0, 3, 3], [0, 5, 3.5]).changes).toEqual(['fired', 'resolved', 'fired']);
  });

  test('one that goes on after another sender resolved it has the earlier start', () => {
    expect(lived([0, 5, 1], [0, 3, 3], [0.2, 7, 3.2]).alert).toMatchObject({ since: t0, external: { startsAt: t0 } });
  });

  test('firing again later is a new activity of the same alert', () => {
    const { changes, alert } = lived([0, 5, 1], [0, 3, 3], [4, 9, 5]);
    expect(changes).toEqual(['fired', 'resolved', 'fired']);
    expect(alert).toMatchObject({ state: 'firing', since: t0 + 4 * minute, firedAt: t0 + 5 * minute });
  });

  test('of two senders of the same alert each ends it, also the one whose peer began later and is gone', () => {
    const { changes, alert } = lived([0, 5, 1], [0.2, 5.2, 1.2], [0, 3, 3]);
    expect(changes).toEqual(['fired', 'refreshed', 'resolved']);
    expect(alert).toMatchObject({ since: t0, resolvedAt: t0 + 3 * minute });
  });

  test('a post without a start is ended by one that tells of an earlier start, and an earlier end', () => {
    const now = t0 + 10 * minute;
    const fired = nextExternal(undefined, told({ endsAt: iso(now + 60 * minute) }, now), now).alert;
    for (const [start, end] of [
      [5, 12],
      [5, 9],
    ] as const) {
      expect(nextExternal(fired, post(start, end, 12), now + 2 * minute).change).toBe('resolved');
    }
  });

  test('an end that was made up yields to one that is told, and one that was told does not', () => {
    const fired = nextExternal(undefined, told({}, t0, { endsAfter: '1h' }), t0).alert;
    expect(nextExternal(fired, post(0, 4, 0), t0).alert?.external?.endsAt).toBe(t0 + 4 * minute);
    expect(lived([0, 9, 1], [0, 4, 2]).alert?.external?.endsAt).toBe(t0 + 9 * minute);
  });

  test('shows the texts of the last post', () => {
    const says = (summary: string, description: string, end: number) =>
      told({ annotations: { summary, description }, startsAt: iso(t0), endsAt: iso(t0 + end * minute) });
    const fired = nextExternal(undefined, says('slow', '3 s', 5), t0).alert;
    expect(nextExternal(fired, says('slower', '9 s', 4), t0)).toMatchObject({
      change: 'refreshed',
      alert: { reason: '9 s', external: { title: 'slower', endsAt: t0 + 5 * minute } },
    });
  });

  test('posts of one request are one change', () => {
    const [firing, over, later] = [post(0, 5, 1), post(0, 1, 1), post(1, 6, 1)];
    const at = t0 + minute;
    const known = nextExternal(undefined, firing, at).alert;
    expect(nextOfPosts(undefined, [firing, over], at).change).toBeUndefined();
    expect(nextOfPosts(undefined, [firing, over, later], at)).toMatchObject({ change: 'fired', alert: { state: 'firing' } });
    expect(nextOfPosts(known, [over, later], at)).toMatchObject({
      change: 'refreshed',
      alert: { since: t0, firedAt: at, external: { endsAt: t0 + 6 * minute } },
    });
    expect(nextOfPosts(known, [later, over], at).change).toBe('resolved');
  });

  test('the resolving of an alert that nobody knows is nothing', () => {
    expect(lived([0, 1, 2])).toEqual({ changes: [undefined], alert: undefined });
  });

  test('other words for its severity in the config raise or lower it with the next repeat', () => {
    const now = t0 + minute;
    const labels = { alertname: 'Down', severity: 'loud' };
    const fired = nextExternal(undefined, told({ labels, endsAt: iso(now + minute) }, now), now).alert;
    const renamed = told({ labels, endsAt: iso(now + 2 * minute) }, now, { severities: { loud: 'critical' } });
    expect(nextExternal(fired, renamed, now)).toMatchObject({ change: 'severity raised', alert: { severity: 'critical' } });
  });

  test('ends by time when it is not sent again, and is remembered no longer', () => {
    const { alert } = lived([0, 5, 1]);
    if (alert === undefined) throw new Error('expected an alert');
    const isThere = (name: string): boolean => name === 'prom';
    expect(endedExternal(alert, isThere, t0 + 5 * minute - 1)).toBeUndefined();
    const ended = endedExternal(alert, isThere, t0 + 5 * minute);
    expect(ended).toMatchObject({ state: 'resolved', reason: 'prom stopped sending it' });
    expect(ended === undefined || remembersEnd(ended)).toBe(false);
  });

  test('ends when its source leaves the config', () => {
    const { alert } = lived([0, 5, 1]);
    if (alert === undefined) throw new Error('expected an alert');
    expect(endedExternal(alert, () => false, t0 + 2 * minute)).toMatchObject({
      state: 'resolved',
      reason: 'the source prom is no longer in the config',
    });
  });

  test('one that resolved is remembered until the end that was told before, and never for more than an hour', () => {
    const soon = lived([0, 5, 1], [0, 3, 3]).alert;
    expect(soon?.external?.endsAt).toBe(t0 + 5 * minute);
    expect(soon !== undefined && remembersEnd(soon)).toBe(true);
    expect(lived([0, 100_000, 1], [0, 3, 3]).alert?.external?.endsAt).toBe(t0 + 63 * minute);
  });
});
