import { type Config, type ConfigInput, configSchema } from '../../../core/config/schema.ts';
import type { RuleOf } from '../../../core/detection/rules/rule-schema.ts';

/** A value of the step that ends `at`, which the source gives from `knownAt` on. */
export type StoryPoint = { at: number; value: number; count?: number; knownAt: number };

/**
 * A rule of the kinds of which the reference tells: those that judge points by bounds, or by what
 * is normal.
 */
export type Rule = RuleOf<'threshold' | 'degradation'>;
export type RuleInput = Partial<NonNullable<ConfigInput['rules']>[string]>;

/**
 * One rule on one series, and when the clock ticks. The first point is known at the first tick.
 * `lag`: the source is one whose points are judged that much later, such as CloudWatch. `failing`:
 * ticks at which the source fails.
 */
export type Story = {
  rule: RuleInput;
  points: readonly StoryPoint[];
  ticks: readonly number[];
  lag?: number;
  failing?: readonly number[];
};

/** What can be seen of a rule after a tick. */
export type Seen = {
  now: number;
  /** undefined: the rule was not evaluated at this tick, or its source failed. */
  found: Found | undefined;
  state: 'ok' | 'pending' | 'firing' | 'recovering';
  /** Of an alert that fires or recovers. */
  severity: 'warn' | 'critical' | undefined;
};

export type Found = { kind: FoundKind; baseline: number | undefined; reason: string };

/** By docs/evidence.md. `not judged`: too little to judge by, other than a refused baseline. */
export type FoundKind = 'ok' | 'warn' | 'critical' | 'not significant' | 'not judged' | 'baseline refused' | 'no data';

/** A config with a rule for each story, whose name is that of its place: `r0`. */
export function configOf(stories: readonly Pick<Story, 'rule' | 'lag'>[]): Config {
  const cell = { policy: 'all' };
  const asks = {
    pushed: { source: 'pushed', query: { samples: { metric: 'm' } } },
    polled: { query: { cloudwatch: { metric: { namespace: 'n', metric: 'm' } } } },
  };
  return configSchema.parse({
    settings: { groupWait: '0s', resolveDelay: '0s' },
    sources: {
      pushed: { kind: 'samples' },
      ...Object.fromEntries(
        stories.map(({ lag = 0 }) => [`polled${lag}`, { kind: 'cloudwatch', region: 'eu-central-1', lag: `${lag / 1000}s` }]),
      ),
    },
    channels: { console: { terminal: true } },
    policies: { all: { tiers: [{ targets: [{ channel: 'console' }], ackWithin: '15m' }] } },
    matrix: { default: { warn: cell, critical: cell } },
    rules: Object.fromEntries(
      stories.map(({ rule, lag }, index) => [
        `r${index}`,
        {
          ...(lag === undefined ? asks.pushed : { ...asks.polled, source: `polled${lag}` }),
          category: 'performance',
          runbook: 'r',
          ...rule,
        },
      ]),
    ),
  });
}

/** The rule of a story with its defaults, durations in milliseconds and percentages as shares. */
export function ruleOf(story: Pick<Story, 'rule' | 'lag'>): Rule {
  const { r0 } = configOf([story]).rules;
  if (r0?.kind !== 'threshold' && r0?.kind !== 'degradation') throw new Error('expected a rule that the reference tells of');
  return r0;
}
