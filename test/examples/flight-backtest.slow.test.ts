import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAsking } from '../../core/detection/rules/rule-schema.ts';
import { rawRule } from '../../core/dry-run/backtest/raw-rule.ts';
import { firedBesides, scoreOf } from '../../core/dry-run/backtest/score.ts';
import { readWindows } from '../../core/dry-run/backtest/windows.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import { flightRecords } from '../../examples/flight-delays/records.ts';
import { backtest } from '../../local/backtest.ts';
import { readConfig } from '../../local/read-config.ts';

const root = join(import.meta.dirname, '../..');

describe('the accuracy rule of the flights, backtested', () => {
  it('gives the figures that docs/examples/flight-delays.md tells', async () => {
    const read = readConfig(join(root, 'config'), join(root, 'runbooks'));
    const labelled = readWindows(JSON.parse(readFileSync(join(root, 'docs/examples/flight-delays.windows.json'), 'utf8')), '');
    if (!read.ok || !labelled.ok) throw new Error('expected the example config and its windows to be right');
    const ruleId = 'flight-accuracy';
    const rule = read.config.rules[ruleId];
    if (rule === undefined || !isAsking(rule)) throw new Error(`expected the example config to have ${ruleId}`);
    const records = await flightRecords();
    const own = await backtest({ config: read.config, ruleId: asRuleId(ruleId), rule, given: { source: rule.source, records } });
    const raw = await backtest({
      config: read.config,
      ruleId: asRuleId(ruleId),
      rule: rawRule(rule),
      given: { source: rule.source, records },
    });

    const hours = (ms: number | undefined): number => Math.round((ms ?? Number.NaN) / 3_600_000);
    const figures = (history: typeof own) => {
      const { pages, alerts, labelled: found, firingShare } = scoreOf(history, labelled.windows);
      const { truePages, trueAlerts, medianDelayMs } = found ?? {};
      return [pages, truePages, alerts, trueAlerts, found?.found, hours(medianDelayMs), (100 * firingShare).toFixed(1)];
    };
    expect(figures(own)).toEqual([9, 9, 5, 5, 5, 27, '33.4']);
    expect(figures(raw)).toEqual([42, 28, 22, 10, 5, 16, '37.3']);
    expect(firedBesides(raw, own)).toHaveLength(14);
    // The same alerts as in the story, which rolls back and pages for the positive rate besides.
    expect(own.firing.map(({ from, severity }) => `${new Date(from).toISOString().slice(0, 13)} ${severity}`)).toEqual([
      '2001-02-10T00 warn',
      '2001-02-14T03 critical',
      '2001-02-23T05 critical',
      '2001-03-14T06 critical',
      '2001-03-20T18 critical',
    ]);
  });
});
