import Table from 'cli-table3';
import { type Assumed, type Assumption, type AssumptionName, assumptions } from '../core/dry-run/cost/assumptions.ts';
import type { Cadence } from '../core/dry-run/cost/cadences.ts';
import { type PriceName, prices } from '../core/dry-run/cost/prices.ts';
import type { CostReport } from '../core/dry-run/cost/report.ts';
import { formatDuration } from '../core/vocabulary/units.ts';

export type CostContext = { assumed: Assumed; madeAfter: string[] | undefined; detectWithinMs: number };

/** The report for people. */
export function costText(report: CostReport, context: CostContext): string {
  const parts = [headline(report, context), billTable(report)];
  if (report.rules.cloudwatch > 0) {
    parts.push(besideAlarms(report), latency(report), cadences(report), recommendation(report, context.detectWithinMs));
  } else {
    parts.push(
      'No rule reads CloudWatch, so there is nothing to compare with alarms; --rules 1000 shows what such rules would cost.',
    );
  }
  parts.push(assumptionsText(context.assumed));
  return `${parts.join('\n\n')}\n`;
}

const usd = (amount: number): string => `$${amount.toFixed(2)}`;
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const count = (quantity: number): string => Intl.NumberFormat('en', { maximumSignificantDigits: 4 }).format(quantity);
const plural = (number: number, what: string): string => `${count(number)} ${what}${number === 1 ? '' : 's'}`;
const shortly = (ms: number): string => formatDuration(Math.round(ms / 1000) * 1000);
const asked = ({ every, whileActive }: Cadence): string =>
  `every: ${formatDuration(every)}${whileActive === undefined ? '' : `, whileActive: ${formatDuration(whileActive)}`}`;

function table(head: string[], rows: string[][], right: number[]): string {
  const made = new Table({
    head,
    colAligns: head.map((_, column) => (right.includes(column) ? 'right' : 'left')),
    style: { head: [], border: [] },
  });
  made.push(...rows);
  return made.toString();
}

function headline({ rules, asOf, region }: CostReport, { madeAfter }: CostContext): string {
  const which = rules.cloudwatch === rules.all ? 'all on CloudWatch' : `${count(rules.cloudwatch)} of them on CloudWatch`;
  const after =
    madeAfter === undefined
      ? ''
      : madeAfter.length === 0
        ? ', after a usual rule, for the config has none of two bands on CloudWatch'
        : `, after ${madeAfter.slice(0, 5).join(', ')}${madeAfter.length > 5 ? ' ...' : ''}`;
  return `${plural(rules.all, 'rule')}, ${which}${after}.\nPer month, in US dollars: list prices of ${region} on ${asOf}, without free tiers. An estimate, not a bill.`;
}

function billTable({ bill }: CostReport): string {
  const shown = bill.lines.filter((line) => line.usd >= 0.005);
  const small = bill.lines.filter((line) => line.usd < 0.005);
  const rows = shown.map((line) => [line.what, `${count(line.quantity)} ${prices[line.price].unit}`, line.usd.toFixed(2)]);
  if (small.length > 0) {
    const sum = small.reduce((total, line) => total + line.usd, 0);
    rows.push([`${plural(small.length, 'line')} below one cent`, '', sum.toFixed(2)]);
  }
  return table(['what', 'how much', 'US$'], [...rows, ['total', '', bill.usd.toFixed(2)]], [2]);
}

function besideAlarms({ bill, alarms, withoutCloudwatchUsd, pages }: CostReport): string {
  const share = alarms.usd === 0 ? 0 : bill.usd / alarms.usd;
  const lines = [
    `The same rules as alarms of CloudWatch, one for each band: ${plural(alarms.alarms, 'alarm')}, ${usd(alarms.usd)} (${charged(alarms.charged)}).`,
    `Tocsin: ${usd(bill.usd)}, ${percent(share)} of that${share < 0.5 ? ', less than half' : share < 1 ? ', not less than half' : ': alarms are cheaper'}; ${usd(withoutCloudwatchUsd)} of it would be there without these rules.`,
  ];
  if (alarms.compositeUsd > 0)
    lines.push(`Composite alarms that mute warn while critical fires would add ${usd(alarms.compositeUsd)} to the alarms.`);
  if (pages > 1)
    lines.push(
      `A call for rules that look far back has up to ${pages} pages. AWS does not say whether each page bills its metrics: at worst the metrics of such rules cost ${pages} times as much.`,
    );
  return lines.join('\n');
}

const charged = (kinds: CostReport['alarms']['charged']): string =>
  (Object.entries(kinds) as [PriceName, number][])
    .map(([name, quantity]) => `${count(quantity)} ${prices[name].unit}, at ${usd(prices[name].usd)}`)
    .join('; ');

/** More timings than this are only counted. */
const timingsShown = 12;

function latency({ timings }: CostReport): string {
  if (timings.length === 0)
    return 'None of these rules fires on M of N points, so their delay is not compared with that of alarms.';
  const rows = timings
    .slice(0, timingsShown)
    .map(({ step, for: mOfN, lag, rules, tocsin, alarm, surelySeen, ...cadence }) => [
      count(rules),
      `step: ${formatDuration(step)}, for: ${mOfN}, ${asked(cadence)}, lag: ${formatDuration(lag)}`,
      `${shortly(tocsin.mean)} / ${shortly(tocsin.worst)}`,
      `${shortly(alarm.mean)} / ${shortly(alarm.worst)}`,
      `${shortly(surelySeen.tocsin)} / ${shortly(surelySeen.alarm)}`,
    ]);
  const rest = timings.length > timingsShown ? `\nand ${timings.length - timingsShown} more timings (--json has all)` : '';
  const head = [
    'rules',
    'timing',
    'Tocsin sees it after (mean / worst)',
    'seen by an alarm after (mean / worst)',
    'shortest breach always seen (Tocsin / alarm)',
  ];
  return `From the start of a lasting breach until it is seen:\n${table(head, rows, [0])}${rest}`;
}

function cadences({ options }: CostReport): string {
  const signed = (ms: number): string => (ms < 0 ? `-${shortly(-ms)}` : `+${shortly(ms)}`);
  const rows = options.map(({ name, usd: amount, share, later, mayMiss }) => [
    name,
    amount.toFixed(2),
    percent(share),
    `${signed(later.mean)} / ${signed(later.worst)}`,
    mayMiss === 0 ? 'no' : plural(mayMiss, 'rule'),
  ]);
  const head = ['asked', 'US$', 'of the alarms', 'later than alarms (mean / worst)', 'may miss what an alarm sees'];
  return `Total cost at other cadences:\n${table(head, rows, [1, 2])}`;
}

function recommendation({ recommended: { changes, usd: amount, savingUsd } }: CostReport, detectWithinMs: number): string {
  const within = `to see a lasting breach within ${formatDuration(detectWithinMs)} at worst and miss nothing that an alarm sees`;
  if (changes.length === 0) {
    return `Recommended, ${within}: no change. More points in \`for\` (1/5 instead of 1/1) or a longer step allow a slower cadence.`;
  }
  const saving = savingUsd >= 0 ? `saves ${usd(savingUsd)}` : `costs ${usd(-savingUsd)} more`;
  const lines = changes.map(({ rules, from, to }) => {
    const names = `${rules.slice(0, 3).join(', ')}${rules.length > 3 ? ` and ${count(rules.length - 3)} more` : ''}`;
    return `  ${names}: { ${asked(to)} } instead of { ${asked(from)} }`;
  });
  return `Recommended, ${within}: ${usd(amount)}, which ${saving}.\n${lines.join('\n')}`;
}

function assumptionsText(assumed: Assumed): string {
  const lines = (Object.entries(assumptions) as [AssumptionName, Assumption][]).flatMap(([name, { flag, what }]) =>
    flag === undefined ? [] : [`  ${flag} ${assumed[name]}: ${what}`],
  );
  return `Assumptions:\n${lines.join('\n')}\n  The others are in core/dry-run/cost/assumptions.ts, with reasons; --json prints all values.`;
}
