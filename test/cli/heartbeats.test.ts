import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { virtualClock } from '../../local/clock.ts';
import type { Service } from '../../local/service.ts';
import { project, tocsin } from './run.ts';
import { serviceIn } from './service.ts';

const start = Date.UTC(2026, 0, 5, 9);
const cwd = project({
  'config/jobs.yaml':
    'heartbeats:\n  nightly: { title: Nightly, every: 1h, runbook: latency }\n  weekly: { schedule: "@weekly", runbook: latency }\n',
});

describe('tocsin heartbeats', () => {
  const clock = virtualClock(start);
  let service: Service;
  const ask = (...args: string[]) => tocsin(['heartbeats', ...args, '--url', service.url], { cwd });
  beforeAll(async () => {
    service = await serviceIn(cwd, { clock });
    const report = (path: string, body = ''): Promise<Response> =>
      fetch(`${service.url}/v1/heartbeats/nightly/${path}`, { method: 'POST', body });
    await report('start');
    clock.set(start + 120_000);
    await report('3', 'loading\n\u001b[2Jno space left\n');
    await report('start');
    await report('progress?done=1&total=4');
  });
  afterAll(() => service.close());

  it('lists them with what is wrong, and their runs', async () => {
    const { code, out, err } = await ask();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/nightly.*warn: failed.*2026-01-05 10:02 UTC.*x>/);
    expect(out).toMatch(/weekly.*expected.*2026-01-11 00:00 UTC/);
    const lines = (await ask('--json')).out.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { name: string }).name)).toEqual(['nightly', 'weekly']);
  });

  it('shows one with its runs and the end of its log, which cannot move the cursor', async () => {
    const { out } = await ask('nightly');
    expect(out).toContain('Nightly (nightly): warn: failed');
    expect(out).toContain('fail after 2m, exit code 3');
    expect(out).toContain('under way, 25%');
    expect(out).toContain('no space left');
    expect(out).not.toContain('\u001b');
    expect(JSON.parse((await ask('nightly', '--json')).out)).toMatchObject({ name: 'nightly', standing: 'in trouble' });
  });

  it('reads the store when no service answers, and says what there is not', async () => {
    const stored = await tocsin(['heartbeats', '--store', '.tocsin/tocsin.sqlite'], { cwd });
    expect(stored).toMatchObject({ code: 0, out: expect.stringContaining('nightly') });
    expect(await ask('nope')).toMatchObject({ code: 1, out: '', err: expect.stringContaining('there is no heartbeat "nope"') });
  });
});
