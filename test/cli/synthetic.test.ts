import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliverDue } from '../../app/deliver/deliver.ts';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import { watchSynthetic } from '../../app/selfcheck/synthetic.ts';
import { virtualClock } from '../../local/clock.ts';
import type { Service } from '../../local/service.ts';
import { config, project, tocsin } from './run.ts';
import { serviceIn } from './service.ts';

const minute = 60_000;
const asked = config.replace(
  'settings: {',
  'settings: { syntheticIncident: { every: 1h, within: 3m, contact: { terminal: true } },',
);

describe('a service with synthetic incidents', () => {
  const cwd = project({ 'config/all.yaml': asked });
  const clock = virtualClock(Date.UTC(2026, 0, 5, 9));
  const written: string[] = [];
  let service: Service;
  const ask = (...args: string[]) => tocsin([...args, '--url', service.url], { cwd });

  beforeAll(async () => {
    service = await serviceIn(cwd, { clock, write: (line) => void written.push(line) });
    await watchSynthetic(service.ports, clock.now());
    clock.set(clock.now() + minute);
    await evaluate(service.ports, clock.now());
    await deliverDue(service.ports, clock.now());
    clock.set(clock.now() + minute);
    await watchSynthetic(service.ports, clock.now());
  });
  afterAll(() => service.close());

  it('tells how the last one went, and lists it only where it is asked for', async () => {
    const [status, list, all] = await Promise.all([
      ask('status'),
      ask('incidents', '--status', 'all'),
      ask('incidents', '--synthetic', '--json'),
    ]);
    expect(status.out).toMatch(/\nsynthetic page {2}arrived after 1m; begun 2m ago\nopen incidents {2}0\n/);
    expect(list).toMatchObject({ out: '', err: 'No incident.\n' });
    expect(JSON.parse(all.out)).toMatchObject({ synthetic: true, status: 'triggered' });
  });

  it('says in its terminal what was paged there, and nothing of what was decided', () => {
    expect(written.filter((line) => line.includes('Synthetic incident'))).not.toEqual([]);
    expect(written.filter((line) => /opened|alert fired/.test(line))).toEqual([]);
  });
});
