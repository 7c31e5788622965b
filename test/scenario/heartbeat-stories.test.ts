import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reportHeartbeat } from '../../app/ingest/report-heartbeat.ts';
import { heartbeatStates } from '../../core/alerting/heartbeats/heartbeat.ts';
import { heartbeatFingerprint } from '../../core/alerting/heartbeats/heartbeat-alert.ts';
import { troublesOf } from '../../core/alerting/heartbeats/troubles-of.ts';
import { minute, storyOf } from './harness.ts';

const name = 'nightly';

type Event = { minutes: number; state: (typeof heartbeatStates)[number]; run: string | undefined; done: number; isLost: boolean };

/** What a job says in five hours, some of it lost on the way, some of it sent twice. */
const events: fc.Arbitrary<Event[]> = fc.array(
  fc.record({
    minutes: fc.integer({ min: 0, max: 40 }),
    state: fc.constantFrom(...heartbeatStates),
    run: fc.constantFrom(undefined, undefined, 'a', 'b'),
    done: fc.constantFrom(0, 0.2, 0.6, 1),
    isLost: fc.boolean(),
  }),
  { maxLength: 14 },
);

test('whatever a job reports, its alert fires exactly while something is wrong, and its incident ends with it', async () => {
  await fc.assert(
    fc.asyncProperty(events, async (all) => {
      const story = storyOf({
        rules: {},
        heartbeats: {
          [name]: {
            ...{ deadline: '12:15', grace: '10m', maxDuration: '50m', stuckAfter: '20m', criticalAfter: '30m' },
            ...{ schedule: '30 9 * * *', runbook: 'a' },
          },
        },
        settings: { resolveDelay: '0s', groupWait: '0s' },
      });
      const { ports, store, clock } = story;
      const config = ports.config.heartbeats[name];
      if (config === undefined) throw new Error('the story has a heartbeat');
      const check = async (): Promise<void> => {
        const [[heartbeat], [alert]] = await Promise.all([
          store.heartbeats([name]),
          store.alertsOf([heartbeatFingerprint(name)]),
        ]);
        if (heartbeat === undefined) return;
        const was = new Set(alert?.heartbeat?.troubles);
        const troubles = troublesOf(config, heartbeat, { now: clock.now(), was });
        expect(alert?.state === 'firing').toBe(troubles.length > 0);
        expect(new Set(alert?.heartbeat?.troubles ?? [])).toEqual(new Set(troubles.map(({ kind }) => kind)));
        expect(alert?.severity === 'critical').toBe(
          troubles.some(
            ({ kind, since }) =>
              kind === 'deadline passed' || (kind !== 'deadline at risk' && clock.now() - since >= 30 * minute),
          ),
        );
      };
      for (const { minutes, isLost, ...report } of all) {
        await story.pass(`${minutes}m`);
        await check();
        if (isLost) continue;
        for (let sent = 0; sent < 2; sent += 1) await reportHeartbeat(ports, name, { ...report, at: clock.now() });
        await check();
      }
      for (const state of ['start', 'success'] as const) await reportHeartbeat(ports, name, { state, at: clock.now() });
      for (const run of ['a', 'b']) await reportHeartbeat(ports, name, { state: 'success', run, at: clock.now() });
      await story.pass('1m');
      await check();
      for (const { status } of await story.incidents()) if ((await store.alerts()).length === 0) expect(status).toBe('resolved');
    }),
    { numRuns: 25 },
  );
});
