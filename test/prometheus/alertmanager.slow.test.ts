import fc from 'fast-check';
import { expect, test } from 'vitest';
import { httpApp } from '../../http/app.ts';
import { allParts } from '../../http/parts/all.ts';
import { runtimeOf } from '../app/runtime.ts';
import { startAlertmanager, whyNoAlertmanager } from './real-alertmanager.ts';

const stories = 150;
/** Seconds around now, far enough from it that the time the test takes does not matter. */
const ago = fc.integer({ min: -3600, max: -120 });
const ahead = fc.integer({ min: 600, max: 7200 });
/**
 * Without a start, Alertmanager begins an alert at its end, and we at once: only those that are
 * over are sent without.
 */
const post = fc.oneof(
  fc.record({ startsAt: fc.option(ago), endsAt: fc.option(ago) }),
  fc.record({ startsAt: ago, endsAt: ahead }),
);

type Post = { labels: Record<string, string>; startsAt?: string; endsAt?: string };

test.skipIf(whyNoAlertmanager !== undefined)(
  `after the same posts a real Alertmanager has the same alerts firing, until the same time${whyNoAlertmanager === undefined ? '' : ` (${whyNoAlertmanager})`}`,
  { timeout: 120_000 },
  async () => {
    const alertmanager = await startAlertmanager();
    const { ports } = runtimeOf({
      sources: { prom: { kind: 'alerts', category: 'availability', runbook: 'source-failing', endsAfter: '5m' } },
    });
    const app = httpApp({ parts: allParts, ports, now: Date.now, runbooks: new Map(), access: 'local' });
    try {
      const all = fc.sample(fc.array(post, { minLength: 1, maxLength: 5 }), {
        numRuns: stories,
        seed: Number(process.env['TOCSIN_SEED'] ?? 1),
      });
      for (let turn = 0; turn < 5; turn += 1) {
        const body = JSON.stringify(all.flatMap((posts, n) => bodyOf(posts[turn], n)));
        const headers = { 'Content-Type': 'application/json' };
        const [theirs, ours] = await Promise.all([
          fetch(`${alertmanager.url}/api/v2/alerts`, { method: 'POST', headers, body }),
          app.request('/api/v2/alerts', { method: 'POST', headers, body }),
        ]);
        // An end before its start is refused by both, and costs no other alert.
        expect([theirs.status, ours.status].every((status) => status === 200 || status === 400)).toBe(true);
      }
      const listed = (await (await fetch(`${alertmanager.url}/api/v2/alerts`)).json()) as {
        labels: { n: string };
        endsAt: string;
      }[];
      const theirs = listed.map(({ labels, endsAt }) => [labels.n, rough(Date.parse(endsAt))]);
      const firing = (await ports.store.alerts()).filter(({ state }) => state === 'firing');
      const ours = firing.map(({ labels, external }) => [labels['n'], rough(external?.endsAt ?? 0)]);
      expect(theirs.length).toBeGreaterThan(stories / 5);
      expect(ours.sort()).toEqual(theirs.sort());
    } finally {
      await alertmanager.kill();
      await ports.store.close();
    }
  },
);

/** An end that was made up is a moment later with one of the two. */
const rough = (at: number): number => Math.round(at / 20_000);

function bodyOf(one: { startsAt: number | null; endsAt: number | null } | undefined, n: number): Post[] {
  if (one === undefined) return [];
  const iso = (seconds: number | null) => (seconds === null ? undefined : new Date(base + seconds * 1000).toISOString());
  const [startsAt, endsAt] = [iso(one.startsAt), iso(one.endsAt)];
  return [
    {
      labels: { alertname: 'Down', n: String(n) },
      ...(startsAt === undefined ? {} : { startsAt }),
      ...(endsAt === undefined ? {} : { endsAt }),
    },
  ];
}
const base = Date.now();
