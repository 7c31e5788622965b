import type { Config } from '../../config/schema.ts';
import { cadenceOf } from '../../detection/rules/cadence.ts';
import { type AlarmBill, alarmBill } from './alarms.ts';
import type { Assumed } from './assumptions.ts';
import { type Bill, billOf } from './bill.ts';
import {
  askedAt,
  type Cadence,
  laterThanAlarms,
  recommendedCadence,
  type TimingGroup,
  timingsOf,
  withCadences,
} from './cadences.ts';
import type { Delay } from './detection.ts';
import { cloudwatchRules, mostPages } from './metrics-requested.ts';
import { asOf, region } from './prices.ts';

/** One cadence option: total cost, and what it gives up. */
export type Option = {
  name: string;
  usd: number;
  /** Share of the alarms' cost. */
  share: number;
  later: Delay;
  /** Rules that may miss a breach that an M-of-N alarm would see. */
  mayMiss: number;
};

export type Recommendation = { rules: string[]; from: Cadence; to: Cadence };

export type CostReport = {
  asOf: string;
  region: string;
  rules: { all: number; cloudwatch: number };
  bill: Bill;
  alarms: AlarmBill;
  /** The part of the bill that exists without any CloudWatch rule. */
  withoutCloudwatchUsd: number;
  timings: TimingGroup[];
  options: Option[];
  recommended: { usd: number; savingUsd: number; changes: Recommendation[] };
  /** If more than 1: a GetMetricData call has this many pages, and AWS may bill each. */
  pages: number;
};

const minute = 60_000;
const cadences: [string, Cadence][] = [
  ['every minute', { every: minute }],
  ['every 2 minutes', { every: 2 * minute }],
  ['every 5 minutes', { every: 5 * minute }],
  ['every 5 minutes, every minute while active', { every: 5 * minute, whileActive: minute }],
  ['every 10 minutes, every minute while active', { every: 10 * minute, whileActive: minute }],
  ['every 15 minutes, every minute while active', { every: 15 * minute, whileActive: minute }],
];

/** `detectWithinMs`: the latest a lasting breach may be seen with a recommended cadence. */
export function costReport(config: Config, assumed: Assumed, detectWithinMs: number): CostReport {
  const reading = cloudwatchRules(config);
  const bill = billOf(config, assumed);
  const alarms = alarmBill(config, assumed);
  const better = withCadences(config, (rule, lag) => recommendedCadence(rule, lag, detectWithinMs));
  const betterUsd = billOf(better, assumed).usd;
  const option = (name: string, asked: Config): Option => {
    const timings = timingsOf(asked, assumed.alarmDelayMs);
    const { usd } = asked === config ? bill : billOf(asked, assumed);
    return {
      name,
      usd,
      share: alarms.usd === 0 ? 0 : usd / alarms.usd,
      later: laterThanAlarms(timings),
      mayMiss: timings.reduce((sum, { rules, surelySeen }) => sum + (surelySeen.tocsin > surelySeen.alarm ? rules : 0), 0),
    };
  };
  const asking = new Set(reading.map(([id]) => id));
  const others = Object.fromEntries(Object.entries(config.rules).filter(([id]) => !asking.has(id)));
  return {
    asOf,
    region,
    rules: { all: Object.keys(config.rules).length, cloudwatch: reading.length },
    bill,
    alarms,
    withoutCloudwatchUsd: billOf({ ...config, rules: others }, assumed).usd,
    timings: timingsOf(config, assumed.alarmDelayMs),
    options:
      reading.length === 0
        ? []
        : [
            option('as configured', config),
            ...cadences.map(([name, cadence]) => option(name, askedAt(config, cadence))),
            option('as recommended', better),
          ],
    recommended: { usd: betterUsd, savingUsd: bill.usd - betterUsd, changes: changesOf(config, better) },
    pages: mostPages(config),
  };
}

/** Which rules to change, grouped by change. */
function changesOf(config: Config, better: Config): Recommendation[] {
  const changes = new Map<string, Recommendation>();
  for (const [id, rule] of cloudwatchRules(config)) {
    const [from, to] = [rule, better.rules[id] ?? rule].map((one): Cadence => {
      const every = cadenceOf(one, false);
      return one.whileActive === undefined ? { every } : { every, whileActive: one.whileActive };
    }) as [Cadence, Cadence];
    const key = JSON.stringify([from, to]);
    if (JSON.stringify(from) === JSON.stringify(to)) continue;
    const change = changes.get(key) ?? { rules: [], from, to };
    changes.set(key, change);
    change.rules.push(id);
  }
  return [...changes.values()];
}
