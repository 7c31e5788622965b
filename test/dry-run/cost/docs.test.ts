import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assume } from '../../../core/dry-run/cost/assumptions.ts';
import { asOf } from '../../../core/dry-run/cost/prices.ts';
import { costReport } from '../../../core/dry-run/cost/report.ts';
import { scaledTo } from '../../../core/dry-run/cost/scaled.ts';
import { readConfigFolder } from '../../../lib/config.ts';
import { minute } from './configs.ts';

const root = join(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'docs/cost.md'), 'utf8');

describe('the table of docs/cost.md', () => {
  const { config } = readConfigFolder(join(root, 'config'));
  const { options } = costReport(scaledTo(config, 1000).config, assume(), 15 * minute);
  const rows = [...page.matchAll(/^\| +\**(every [^|*]+?)\** +\| +\**([\d.]+)\** +\| +\**(\d+) %\** +\| +\**([^|*]+?)\** +\|/gm)];

  it('has what the command prints, within a twentieth', () => {
    expect(rows.map(([, name]) => name)).toEqual(options.map(({ name }) => name).filter((name) => name.startsWith('every')));
    for (const [, name, usd] of rows) {
      const now = options.find((option) => option.name === name)?.usd ?? Number.NaN;
      expect(Math.abs(Number(usd) - now) / now, `${name}: ${usd} in the table, ${now.toFixed(2)} now`).toBeLessThan(0.05);
    }
  });

  it('is of the day of the prices', () => {
    expect(page).toContain(`Numbers of ${asOf}`);
  });

  it('is right about what is less than half of the alarms', () => {
    for (const [, name, , share] of rows) {
      const now = options.find((option) => option.name === name)?.share ?? Number.NaN;
      expect(now < 0.5, name).toBe(Number(share) < 50);
    }
  });
});
