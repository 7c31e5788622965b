/**
 * Writes the plots of docs/examples/flight-delays.md, and prints the figures of its tables. With
 * `--data FILE` it also writes the records of the example as NDJSON, for `tocsin backtest RULE
 * --data FILE`.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { scoreTable } from '../cli/backtest-text.ts';
import { svgOf } from '../core/charts/svg.ts';
import { isAsking } from '../core/detection/rules/rule-schema.ts';
import { rawRule } from '../core/dry-run/backtest/raw-rule.ts';
import { firedBesides, isTrue, scoreOf } from '../core/dry-run/backtest/score.ts';
import { plottedSeries, stripOf } from '../core/dry-run/backtest/strips.ts';
import { readWindows } from '../core/dry-run/backtest/windows.ts';
import { asRuleId } from '../core/vocabulary/ids.ts';
import { flightRecords } from '../examples/flight-delays/records.ts';
import { backtest } from '../local/backtest.ts';
import { readConfig } from '../local/read-config.ts';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({ options: { data: { type: 'string' } } });

const read = readConfig(join(root, 'config'), join(root, 'runbooks'));
if (!read.ok) throw new Error('the example config is wrong; run: npm run tocsin -- check');
const labelled = readWindows(JSON.parse(readFileSync(join(root, 'docs/examples/flight-delays.windows.json'), 'utf8')), '');
if (!labelled.ok) throw new Error(labelled.error);
const { windows } = labelled;
const records = await flightRecords();
if (values.data !== undefined) writeFileSync(values.data, records.map(({ record }) => `${JSON.stringify(record)}\n`).join(''));

const time = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
mkdirSync(join(root, 'docs/examples/img'), { recursive: true });
for (const ruleId of ['flight-accuracy', 'flight-positive-rate'].map(asRuleId)) {
  const rule = read.config.rules[ruleId];
  if (rule === undefined || !isAsking(rule)) throw new Error(`the example config has no rule ${ruleId} that asks a source`);
  const judge = async (name: string, judged: typeof rule) => {
    const history = await backtest({
      config: read.config,
      ruleId,
      rule: judged,
      given: { source: rule.source, records },
    });
    return { name, history, score: scoreOf(history, windows) };
  };
  const own = await judge('this rule', rule);
  const raw = await judge('plain threshold', rawRule(rule));
  const plot = {
    title: rule.title ?? ruleId,
    from: own.history.from,
    to: own.history.to,
    judgements: plottedSeries(own.history)?.judgements ?? [],
    strips: [own, raw].map(({ name, history }) => stripOf(name, history, windows)),
    windows,
  };
  writeFileSync(join(root, `docs/examples/img/${ruleId}.svg`), svgOf(plot));
  process.stdout.write(`${ruleId}\n${scoreTable([own, raw])}`);
  for (const page of own.history.pages)
    process.stdout.write(`  ${time(page.at)} ${page.severity} ${page.reason}: ${isTrue(page, own.history, windows)}\n`);
  for (const alert of firedBesides(raw.history, own.history))
    process.stdout.write(`  besides: ${time(alert.from)} to ${time(alert.to)} ${alert.severity}\n`);
}
