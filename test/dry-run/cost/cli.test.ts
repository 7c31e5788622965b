import { describe, expect, it } from 'vitest';
import { tocsin } from '../../cli/run.ts';

const cost = async (...args: string[]): Promise<string> =>
  (await tocsin(['cost', '--config', 'docs/examples/cloudwatch.yaml', ...args])).out;

describe('tocsin cost', () => {
  it('prints the bill, the alarms, the latency and the cadences of a thousand rules', async () => {
    const text = await cost('--rules', '1000');
    for (const part of [
      /^1,000 rules, all on CloudWatch, after scoring-latency, /,
      /list prices of us-east-1 on \d{4}-\d\d-\d\d, without free tiers/,
      /│ metrics that rules read +│ [\d,]+ metrics requested with GetMetricData +│ +\d+\.\d\d │/,
      /│ total +│ +│ +\d+\.\d\d │/,
      /as alarms of CloudWatch, one for each band: 2,000 alarms, \$\d+\.\d\d/,
      /Tocsin sees it after/,
      /every 5 minutes, every minute while active/,
      /Recommended, to see a lasting breach within 15m at worst/,
      /--active-percent 1: /,
    ])
      expect(text).toMatch(part);
  });

  it('gives all lines and what it assumed as JSON', async () => {
    const report = JSON.parse(await cost('--json', '--active-percent', '5', '--incidents-per-month', '0'));
    expect(report).toMatchObject({ rules: { all: 5, cloudwatch: 5 }, assumed: { activePercent: 5, incidentsAMonth: 0 } });
    expect(report.bill.lines.length).toBeGreaterThan(10);
    expect(report.options.map(({ name }: { name: string }) => name)).toContain('as recommended');
  });

  it.each([
    [['--rules', '0'], 2, /expected a whole number from 1 to 100000; received "0"/],
    [['--detect-within', 'soon'], 2, /expected a duration such as 15m; received "soon"/],
    [['--active-percent', '101'], 1, /expected activePercent to be at most 100; received 101/],
  ])('refuses %j', async (args, code, message) => {
    expect(await tocsin(['cost', ...args])).toMatchObject({ code, err: expect.stringMatching(message) });
  });
});
