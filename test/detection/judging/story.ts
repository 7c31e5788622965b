import { afterEach } from 'vitest';
import { evaluate } from '../../../app/evaluate/evaluate.ts';
import { newInFlight } from '../../../app/in-flight.ts';
import type { Ports } from '../../../app/ports/ports.ts';
import type { Source } from '../../../app/ports/source.ts';
import type { Store } from '../../../app/ports/store.ts';
import { type Alert, isActive } from '../../../core/alerting/alerts/alert.ts';
import { type ConfigInput, configSchema } from '../../../core/config/schema.ts';
import type { Point } from '../../../core/telemetry/series.ts';
import { parseDuration } from '../../../core/vocabulary/units.ts';
import { sqliteStore } from '../../../stores/sqlite/index.ts';
import { minute, t0, timeOf } from '../../scenario/harness.ts';

type RuleInput = NonNullable<ConfigInput['rules']>[string];

/**
 * One value a step; undefined is a step without one, and `late` is how long after its step it can
 * be read.
 */
export type Value = number | undefined | (Omit<Point, 'at'> & { late?: number });

/** `run([60, 0.9], [3, undefined])`: 60 times 0.9, then nothing for three steps. */
export const run = (...parts: readonly (readonly [times: number, value: Value])[]): Value[] =>
  parts.flatMap(([times, value]) => new Array<Value>(times).fill(value));

/** The same values again and again. */
export const again = (times: number, values: readonly Value[]): Value[] => Array.from({ length: times }, () => values).flat();

export type StoryOptions = {
  /** What the source leaves out of the newest time. */
  lag?: string;
  /** When it is evaluated, milliseconds after the story began; every minute when left out. */
  ticks?: readonly number[];
  /** How long after its time each tick comes. */
  late?: number;
  /** For how many steps beyond the last value it goes on. */
  beyond?: number;
};

/** Every so often, `late` after it. */
export const every = (ms: number, until: number, late = 0): number[] =>
  Array.from({ length: Math.floor(until / ms) }, (_, i) => (i + 1) * ms + late);

const open: Store[] = [];
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
});

export type Judged = {
  /** `1:01 critical`, `2:11 well`: each tick that changed the band, with its time in the story. */
  bands: string[];
  /** The alert of the series after each tick. */
  alerts: { at: number; alert: Alert | undefined }[];
  /** All alerts about the rule itself that fired, and when. */
  aboutRule: string[];
  /** How many alerts were written. */
  writes: number;
};

/**
 * One rule on one series, evaluated by the service as it is at each tick; only the source is not
 * real, so that points can be of any kind. The first value is of the step that begins with the
 * story, and can be judged when that is over.
 */
export async function storyOf(rule: Partial<RuleInput>, values: readonly Value[], options: StoryOptions = {}): Promise<Judged> {
  const config = configSchema.parse({
    sources: { outside: { kind: 'cloudwatch', lag: options.lag ?? '0s' } },
    rules: {
      it: {
        source: 'outside',
        query: { cloudwatch: { metric: { namespace: 'Own', metric: 'it' } } },
        category: 'performance',
        runbook: 'latency-spike',
        ...rule,
      },
    },
    channels: { room: { terminal: true } },
    policies: { room: { tiers: [{ targets: [{ channel: 'room' }], ackWithin: '15m' }] } },
    matrix: { default: { warn: { policy: 'room' }, critical: { policy: 'room' } } },
  });
  const step = config.rules['it']?.step ?? minute;
  const points = values.flatMap((value, i): (Point & { late?: number })[] => {
    if (value === undefined) return [];
    return [{ at: t0 + (i + 1) * step, ...(typeof value === 'number' ? { value } : value) }];
  });
  const source: Source = {
    async query(_, __, requests, now) {
      return requests.map(({ from, to }) => {
        const found = points.filter(({ at, late = 0 }) => at > from && at <= to && at + late <= now);
        return { ok: true, series: found.length === 0 ? [] : [{ labels: { host: 'a' }, points: found }] };
      });
    },
  };
  const store = sqliteStore({ path: ':memory:' });
  open.push(store);
  const ports = {
    config,
    store,
    inFlight: newInFlight(),
    sources: { cloudwatch: source },
    log: () => {},
  } as unknown as Ports;
  const length = (values.length + (options.beyond ?? 0)) * step + (parseDuration(options.lag ?? '0s') ?? 0);
  const ticks = options.ticks ?? every(minute, length, options.late);
  const judged: Judged = { bands: [], alerts: [], aboutRule: [], writes: 0 };
  let band = 'well';
  for (const tick of ticks) {
    const now = t0 + tick;
    judged.writes += (await evaluate(ports, now, { together: 'for all' })).changes;
    const all = await store.alerts();
    const alert = all.find(({ aboutRule }) => aboutRule !== true);
    const next = alert !== undefined && isActive(alert) ? alert.severity : 'well';
    if (next !== band) judged.bands.push(`${timeOf(now)} ${next}`);
    band = next;
    judged.alerts.push({ at: now, alert });
    for (const { aboutRule, state, firedAt, reason } of all)
      if (aboutRule && state === 'firing' && firedAt === now) judged.aboutRule.push(`${timeOf(now)} ${reason}`);
  }
  return judged;
}
