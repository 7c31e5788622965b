import { expect, it } from 'vitest';
import { namedLabels } from '../../app/ingest/named-labels.ts';
import { configOf, ruleOn } from '../scenario/harness.ts';

it('labels are kept of an alert with too many if anything of the config picks alerts by them', () => {
  const config = configOf({
    sources: {
      prom: {
        ...{ kind: 'alerts', category: 'availability', runbook: 'source-failing' },
        ...{ ignore: ['ignored="1"'], watchdog: { match: ['watched="1"'] } },
      },
    },
    routes: [{ name: 'outer', match: ['outer="1"'], routes: [{ name: 'inner', match: ['inner="1"'], flapping: 'off' }] }],
    inhibitions: [{ name: 'i', source: ['cause="1"'], target: ['effect="1"'], equal: ['equal'] }],
    muteTimings: { m: { timezone: 'UTC', match: ['timed="1"'], windows: [{ from: '22:00', to: '06:00' }] } },
    rules: {
      latency: ruleOn('latency'),
      both: {
        ...{ category: 'availability', runbook: 'latency', every: '1m' },
        composite: { all: [{ match: ['all="1"'] }], any: [{ match: ['any="1"'] }], none: [{ match: ['none="1"'] }], on: ['on'] },
      },
    },
  });
  const names = ['ignored', 'watched', 'outer', 'inner', 'cause', 'effect', 'equal', 'timed', 'all', 'any', 'none', 'on'];
  expect(new Set(namedLabels(config, []))).toEqual(new Set(names));
});
