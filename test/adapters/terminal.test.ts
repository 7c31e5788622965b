import { describe, expect, it } from 'vitest';
import { terminalChannel } from '../../adapters/terminal/index.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { exampleAlert, exampleHeld, examplePage } from '../contract/example-page.ts';

async function lines(page: Page, colors?: boolean): Promise<string[]> {
  const written: string[] = [];
  await terminalChannel({ write: (line) => written.push(line), colors }).send({ kind: 'terminal' }, page, 'k');
  return written;
}

describe('the terminal channel', () => {
  it('tells time, severity, what, to whom, why, the numbers and where to look', async () => {
    expect(await lines(examplePage())).toEqual([
      '2026-01-05 09:00:30Z  CRITICAL  page to responder/ana (tier 1), triggered: Accuracy of flight delays (flight-delays, production)',
      '    a critical alert fired',
      '    Accuracy of flight delays [firing]: value 0.71, 11.3% worse than the baseline 0.8 (median of 40 points over 1d), critical bound 0.72',
      '    rollback flight-delays: offered: return from 2 to 1',
      '    http://127.0.0.1:4319/incidents/inc-0123456789, runbook http://127.0.0.1:4319/runbooks/accuracy-drop',
    ]);
  });

  it('says who resolved it and why', async () => {
    const text = (await lines(examplePage({ status: 'resolved', resolvedBy: 'tocsin', resolveReason: 'recovered' }))).join('\n');
    expect(text).toContain('CRITICAL, resolved by tocsin');
    expect(text).toContain('    recovered');
  });

  it('repeats to those who know it only what is new', async () => {
    expect(await lines(examplePage({ reason: 'reminder', why: 'nobody has acknowledged' }))).toEqual([
      '2026-01-05 09:00:30Z  CRITICAL  page to responder/ana (tier 1), reminder: Accuracy of flight delays (flight-delays, production)',
      '    nobody has acknowledged',
      '    http://127.0.0.1:4319/incidents/inc-0123456789',
    ]);
  });

  it('counts the alerts it does not show and tells what was held', async () => {
    const alerts = Array.from({ length: 5 }, () => exampleAlert());
    const text = (await lines(examplePage({ alerts, alertCount: 40, held: [exampleHeld()] }))).join('\n');
    expect(text).toContain('and 37 more alerts');
    expect(text).toContain('held: critical Latency of flight delays: triggered, a critical alert fired (inc-9876543210)');
  });

  it('is coloured only when asked', async () => {
    expect((await lines(examplePage())).join('')).not.toContain('\u001b');
    expect((await lines(examplePage(), true)).join('')).toContain('\u001b[31m');
  });

  it('lets no label move the cursor, forge a line or turn the writing round', async () => {
    const text = await lines(examplePage({ title: 'a\u001b[2J\nb\u202ec\u009b', alerts: [exampleAlert({ title: 'x\r\ny' })] }));
    expect(text[0]).toContain('a [2J bc');
    expect(text.join('')).not.toMatch(/[\p{Cc}\u202e]/u);
  });
});
