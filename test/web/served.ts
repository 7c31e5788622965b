import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deliverDue } from '../../app/deliver/deliver.ts';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import { sweepIncidents } from '../../app/respond/escalate.ts';
import { type VirtualClock, virtualClock } from '../../local/clock.ts';
import { openService, type Service } from '../../local/service.ts';

/** Noon of a Monday, UTC. */
export const noon = Date.UTC(2026, 5, 1, 12);

const minuteMs = 60_000;

export type Served = {
  url: string;
  service: Service;
  clock: VirtualClock;
  /** Judges, delivers and escalates at each whole minute up to `minutes` from now. */
  pass(minutes: number): Promise<void>;
  /** Posts JSON to the service; throws unless it is taken. */
  post(path: string, body: unknown): Promise<unknown>;
  close(): Promise<void>;
};

/**
 * The real service of one machine, with its console and its store in a folder of its own, on a
 * clock that the test moves. `config`: YAML. Pages go to where the config says; `runbooks`:
 * Markdown by name; `headers`: of posts.
 */
export async function serve(
  config: string,
  options: { runbooks?: Record<string, string>; at?: number; headers?: Record<string, string> } = {},
): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-web-'));
  const runbooks = join(folder, 'runbooks');
  mkdirSync(runbooks);
  writeFileSync(join(folder, 'tocsin.yaml'), config);
  for (const [name, text] of Object.entries(options.runbooks ?? {})) writeFileSync(join(runbooks, `${name}.md`), text);
  const clock = virtualClock(options.at ?? noon);
  const service = await openService({
    config: join(folder, 'tocsin.yaml'),
    runbooks,
    store: join(folder, 'tocsin.sqlite'),
    port: 0,
    clock,
    write: () => {},
    colors: false,
  });
  const { ports, url } = service;
  return {
    url,
    service,
    clock,
    async pass(minutes) {
      for (let minute = 0; minute < minutes; minute += 1) {
        clock.set(clock.now() + minuteMs);
        await evaluate(ports, clock.now(), { together: 'for all' });
        await deliverDue(ports, clock.now());
        if ((await sweepIncidents(ports, clock.now())) > 0) await deliverDue(ports, clock.now());
      }
    },
    async post(path, body) {
      const response = await fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...options.headers },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
    async close() {
      await service.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
