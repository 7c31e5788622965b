import { evaluateInTime } from '../../app/evaluate/evaluate.ts';
import { newInFlight } from '../../app/in-flight.ts';
import { foldSamples } from '../../app/ingest/ingest.ts';
import type { Ports } from '../../app/ports/ports.ts';
import { everySource, type Source } from '../../app/ports/source.ts';
import { samplesSource } from '../../app/sources/stored-sources.ts';
import { configSchema } from '../../core/config/schema.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { pushConfig } from './config.ts';
import { mustBe, mustBeUnder, type Row } from './result.ts';

/**
 * A rule of a source that answers is to be decided within this time of its tick, whatever the other
 * sources do.
 */
const boundMs = 5000;

/**
 * Ticks in real time with a rule whose source never answers beside one that has found an outage.
 */
export async function sources(): Promise<Row[]> {
  const store = sqliteStore({ path: ':memory:' });
  const now = Date.now();
  const base = pushConfig('http://127.0.0.1:1');
  const config = configSchema.parse({
    ...base,
    sources: { ...base.sources, aws: { kind: 'cloudwatch', region: 'eu-central-1' } },
    rules: {
      ...base.rules,
      hanging: {
        source: 'aws',
        query: { cloudwatch: { metric: { namespace: 'AWS/Lambda', metric: 'Errors', statistic: 'Sum' } } },
        category: 'availability',
        threshold: { above: { critical: 1 } },
        runbook: 'latency-spike',
      },
    },
  });
  const began = performance.now();
  let openedMs: number | undefined;
  let questions = 0;
  const unused = {} as never;
  const cloudwatch: Source = {
    query() {
      questions += 1;
      return new Promise(() => {});
    },
  };
  const ports: Ports = {
    inFlight: newInFlight(),
    config,
    store,
    sources: { ...everySource(unused), samples: samplesSource(store), cloudwatch },
    channels: unused,
    hooks: unused,
    secrets: { get: async () => undefined },
    log: () => {},
    observe: () => {
      openedMs ??= performance.now() - began;
    },
  };
  try {
    await foldSamples(
      ports,
      'sensor',
      [{ metric: 'latency', value: 1000, timestamp: now - 1000, labels: { model: 'm' } }],
      'one',
      now,
    );
    const { report, rest } = await evaluateInTime(ports, now + 1000, { clock: Date.now });
    const again = performance.now();
    for (let tick = 2; tick <= 5; tick += 1) await (await evaluateInTime(ports, now + tick * 1000)).rest;
    const nextMs = (performance.now() - again) / 4;
    await rest;
    const incidents = await store.incidents({ status: 'all', limit: 10 });
    return [
      mustBe('a source hangs: incidents of the other source', incidents.length, 1),
      mustBeUnder(
        'a source hangs: until the other rule is decided',
        (openedMs ?? Number.POSITIVE_INFINITY) / 1000,
        boundMs / 1000,
        's',
      ),
      mustBeUnder('a source hangs: each tick that follows takes', nextMs, 250, 'ms'),
      mustBe('a source hangs: questions put to it in five ticks', questions, 1),
      {
        name: 'a source hangs: said about its own rule',
        value: report.errors[0]?.error ?? 'nothing yet: its alert waits for errorFor',
      },
    ];
  } finally {
    await store.close();
  }
}
