import { spawnSync } from 'node:child_process';
import { newInFlight } from '../../app/in-flight.ts';
import { foldSamples } from '../../app/ingest/ingest.ts';
import { type Channel, everyChannel } from '../../app/ports/channel.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { everySource } from '../../app/ports/source.ts';
import { samplesSource } from '../../app/sources/stored-sources.ts';
import { type ConfigInput, configSchema } from '../../core/config/schema.ts';
import { virtualClock } from '../../local/clock.ts';
import { virtualRun } from '../../local/run/virtual-run.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import type { Row } from '../chaos/result.ts';

const rules = 1000;
const troubles = 100;
const minute = 60_000;
const start = Date.UTC(2026, 0, 5, 9);

type Day = { tookMs: number; incidents: number; pages: number; heapMb: number[] };

/**
 * A day of virtual time in a process of its own, so that its memory can be collected and counted.
 */
export async function day(hours: number): Promise<Row[]> {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', import.meta.filename, String(hours)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the virtual day failed: ${stderr}`);
  const { tookMs, incidents, pages, heapMb } = JSON.parse(stdout) as Day;
  return [
    { name: `${hours} h of virtual time, ${rules} rules`, value: `${Math.round(tookMs / 1000)} s` },
    { name: 'incidents', value: `${incidents}, expected ${troubles}`, ok: incidents === troubles },
    { name: 'pages', value: String(pages) },
    { name: 'heap after collection, hour by hour', value: `${heapMb.map((mb) => Math.round(mb)).join(', ')} MB` },
  ];
}

function config(): ConfigInput {
  const ruleOf = (n: number) => ({
    source: 'sensor',
    query: { samples: { metric: `metric_${n}` } },
    category: 'latency' as const,
    threshold: { above: { critical: 200 } },
    runbook: 'latency-spike',
  });
  return {
    settings: { pageInterval: '0s', groupBy: ['model'], resolveDelay: '0s' },
    sources: { sensor: { kind: 'samples', retain: '2h' } },
    rules: Object.fromEntries(Array.from({ length: rules }, (_, n) => [`rule-${n}`, ruleOf(n)])),
    responders: { ana: { name: 'Ana', contacts: [{ sns: 'phone' }] } },
    policies: { duty: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '15m' }] } },
    matrix: { default: { warn: { policy: 'duty' }, critical: { policy: 'duty' } } },
  };
}

async function run(hours: number): Promise<Day> {
  const clock = virtualClock(start);
  const store = sqliteStore({ path: ':memory:' });
  let pages = 0;
  const phone: Channel = {
    async send() {
      pages += 1;
      return {};
    },
  };
  const unused = {} as never;
  const ports: Ports = {
    inFlight: newInFlight(),
    config: configSchema.parse(config()),
    store,
    sources: { ...everySource(unused), samples: samplesSource(store) },
    channels: everyChannel(phone),
    hooks: unused,
    secrets: { get: async () => undefined },
    log: () => {},
    observe: () => {},
  };
  const heapMb: number[] = [];
  const minutes = hours * 60;
  async function* events() {
    for (let at = 0; at < minutes; at += 1) {
      yield {
        at: start + at * minute,
        async run() {
          const samples = Array.from({ length: rules }, (_, n) => ({
            metric: `metric_${n}`,
            // Each of some rules is out of bounds for twenty minutes, one after the other over the
            // day.
            value: n < troubles && at >= troubleAt(n, minutes) && at < troubleAt(n, minutes) + 20 ? 1000 : 10,
            timestamp: clock.now(),
            labels: { model: `m-${n}` },
          }));
          await foldSamples(ports, 'sensor', samples, `minute ${at}`, clock.now());
          if (at % 60 !== 59) return;
          await store.prune(clock.now());
          globalThis.gc?.();
          heapMb.push(process.memoryUsage().heapUsed / 2 ** 20);
        },
      };
    }
  }
  const began = performance.now();
  await virtualRun({ ports, clock, events: events(), until: start + minutes * minute });
  const incidents = (await store.incidents({ status: 'all', limit: 10_000 })).length;
  await store.close();
  return { tookMs: performance.now() - began, incidents, pages, heapMb };
}

const troubleAt = (n: number, minutes: number): number => Math.floor((n * (minutes - 30)) / troubles);

if (import.meta.main) process.stdout.write(JSON.stringify(await run(Number(process.argv[2] ?? 24))));
