import { describe, expect, it } from 'vitest';
import { deployed } from '../../core/dry-run/cost/deployed.ts';
import { ownDimension, ownMetrics, ownNamespace } from '../../core/selfcheck/logs/metrics.ts';
import { parsedConfig } from './example-config.ts';
import { resourcesOf, rightsOf, synthesise } from './synthesise.ts';

const config = parsedConfig();
const syntheticIncident = {
  every: 3_600_000,
  within: 180_000,
  contact: { kind: 'sns' as const, topic: 'arn:aws:sns:eu-central-1:111122223333:test' },
};
const bodyOf = (asked: boolean, more: Partial<typeof config.settings> = {}): string | undefined => {
  const template = synthesise({ config: { ...config, settings: { ...config.settings, ownMetrics: asked, ...more } } });
  const [dashboard] = resourcesOf(template, 'AWS::CloudWatch::Dashboard');
  return dashboard && JSON.stringify(dashboard[1].Properties['DashboardBody']);
};

describe('the dashboard about Tocsin itself', () => {
  it('is there when it is asked for, since it costs', () => {
    expect(bodyOf(false)).toBeUndefined();
  });

  it('shows every metric of our own by the names that the functions use, and no other', () => {
    const shownOn = (body = ''): Set<string | undefined> => {
      const named = new RegExp(`"${ownNamespace}","(\\w+)","${ownDimension}","prod"`, 'g');
      return new Set([...body.replaceAll('\\', '').matchAll(named)].map(([, name]) => name));
    };
    const { SyntheticTimeToPage: _, ...others } = ownMetrics;
    expect(shownOn(bodyOf(true))).toEqual(new Set(Object.keys(others)));
    expect(shownOn(bodyOf(true, { syntheticIncident }))).toEqual(new Set(Object.keys(ownMetrics)));
    expect(deployed.asked.metrics).toBe(Object.keys(others).length);
  });

  it('shows queues, dead letters, errors and throttles', () => {
    const body = bodyOf(true);
    for (const name of ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible', 'Errors', 'Throttles'])
      expect(body).toContain(name);
  });
});

describe("the address of a dead-man's ping", () => {
  const rightsWith = (url: string): string => {
    const settings = { ...config.settings, deadMansPing: { url, every: 60_000 } };
    return JSON.stringify(rightsOf(synthesise({ config: { ...config, settings } }), 'finds what stream and timers missed'));
  };

  it('may be read by the sweep where it is a secret, and is none where it is an address', () => {
    expect(rightsWith('PING_URL')).toContain('secret:tocsin/prod/PING_URL-??????');
    expect(rightsWith('https://ping.example.com/x')).not.toContain('secretsmanager');
  });
});
