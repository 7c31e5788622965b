import { expect, it } from 'vitest';
import { troubleText } from '../../../core/alerting/heartbeats/trouble-words.ts';
import { troublesOf } from '../../../core/alerting/heartbeats/troubles-of.ts';
import { configOf, hour, minute } from '../../scenario/harness.ts';

const midnight = Date.UTC(2026, 5, 2);
const { heartbeats } = configOf({
  heartbeats: {
    features: { schedule: '0 3 * * *', timezone: 'UTC', grace: '15m', deadline: '06:00', runbook: 'job-late', severity: 'warn' },
  },
});
const config = heartbeats['features'];
if (config === undefined) throw new Error('there is one');

it('a deadline that passed while nobody listened is missed a grace after somebody does, and says that a report may be lost', () => {
  const beganAt = midnight + 3 * hour;
  const heartbeat = {
    ...{ name: 'features', schedule: '0 3 * * * UTC', since: midnight - 24 * hour, version: 3, beganAt },
    succeeded: { beganAt: midnight - 21 * hour, endedAt: midnight - 20 * hour },
    runs: [{ startedAt: beganAt }],
  };
  const listensSince = midnight + 8 * hour;
  const at = (now: number) =>
    troublesOf(config, heartbeat, { now, listensSince }).filter(({ kind }) => kind === 'deadline passed');
  expect(at(listensSince)).toEqual([]);
  expect(at(listensSince + 14 * minute)).toEqual([]);
  const [passed] = at(listensSince + 15 * minute);
  expect(passed).toMatchObject({ since: listensSince + 15 * minute, deadlineAt: midnight + 6 * hour, deafUntil: listensSince });
  if (passed === undefined) throw new Error('it passed');
  expect(troubleText('features', passed, 'UTC', listensSince + 15 * minute)).toMatch(
    /did not listen before 08:00, so its report may be lost/,
  );
  expect(troublesOf(config, heartbeat, { now: midnight + 6 * hour, listensSince: midnight - 48 * hour })).toMatchObject([
    { kind: 'deadline passed', since: midnight + 6 * hour },
  ]);
});
