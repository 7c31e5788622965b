import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { systemClock } from '../../../local/clock.ts';
import { realRun } from '../../../local/run/real-run.ts';
import { openService } from '../../../local/service.ts';
import type { StandIn } from '../../contract/stand-in.ts';

/** A config with two rules on what an application measures, whose pages go to `pager`. */
export function configFor(folder: string, pager: string, otlpPort: number): string {
  const config = join(folder, `${otlpPort}.yaml`);
  const above = { category: 'latency', step: '1s', runbook: 'latency-spike' };
  writeFileSync(
    config,
    JSON.stringify({
      settings: { otlpPort, groupWait: '0s', groupBy: ['...'] },
      sources: { apps: { kind: 'otlp', bucket: '1s', lag: '1s' } },
      rules: {
        slow: {
          ...above,
          source: 'apps',
          query: { otlp: { metric: 'predict.duration', statistic: 'p95', by: ['service.name'], over: '10s' } },
          threshold: { above: { critical: 0.5 } },
        },
        errors: {
          ...above,
          source: 'apps',
          query: { otlp: { metric: 'predictions', statistic: 'sum', where: { outcome: 'error' }, over: '10s' } },
          threshold: { above: { critical: 2 } },
        },
      },
      responders: { ana: { name: 'Ana', contacts: [{ webhook: { url: `${pager}/ana`, secret: 'PAGER' } }] } },
      policies: { main: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '20m' }] } },
      matrix: { default: { warn: { policy: 'main' }, critical: { policy: 'main' } } },
    }),
  );
  return config;
}

export async function running(folder: string, config: string) {
  let run: ReturnType<typeof realRun> | undefined;
  const service = await openService({
    config,
    runbooks: 'runbooks',
    store: join(folder, `${Math.random()}.sqlite`),
    port: 0,
    clock: systemClock,
    secrets: { get: async () => 'a secret' },
    write: () => {},
    colors: false,
    onEffects: () => run?.kick(),
  });
  run = realRun(service.ports, systemClock);
  const close = async () => {
    await run.stop();
    await service.close();
  };
  return { service, close };
}

/** Waits until somebody was paged of five failed predictions of 0.8 s each. */
export async function paged(pager: StandIn, service: { url: string }): Promise<void> {
  // The second of the two waits for `pageInterval`, so one page is enough.
  await vi.waitFor(() => expect(pager.received.length).toBeGreaterThanOrEqual(1), { timeout: 30_000 });
  await vi.waitFor(
    async () => {
      const alerts = await (await fetch(`${service.url}/api/v2/alerts`)).text();
      expect(alerts).toMatch(/predictions 5 /);
      expect(alerts).toMatch(/p95 of predict.duration/);
    },
    { timeout: 10_000, interval: 200 },
  );
}
