import { sqliteStore } from '../adapters/sqlite/index.ts';
import { foldLabels, foldPredictions, foldSamples } from '../app/ingest.ts';
import { type Channel, DeliveryError, type Observer, type Ports, type RollbackHook, type VerdictObserver } from '../app/ports.ts';
import type { Config } from '../core/config/schema.ts';
import type { LabelRecord, PredictionRecord, SampleRecord } from '../core/samples/records.ts';
import { virtualClock } from './clock.ts';
import { environmentSecrets, localPorts } from './ports.ts';
import type { FileRecord } from './read-records.ts';
import { type VirtualEvent, virtualRun } from './virtual-run.ts';

export type Replay = {
  config: Config;
  source: string;
  /** In any order. */
  records: readonly FileRecord[];
  observe: Observer;
  observeVerdict?: VerdictObserver | undefined;
  /** Told the share that is done, from 0 to 1. */
  onProgress?: (share: number) => void;
};

export type ReplayReport = { from: number; to: number; accepted: number; duplicates: number; rejected: number; ports: Ports };

/**
 * Replays recorded data through the whole service on a virtual clock, in memory. Nothing reaches the outside: every
 * page counts as delivered, and no hook is called. The same records give the same timeline. Only rules of the replayed
 * source are judged. The store stays open for the caller to read and close.
 */
export async function replay({ config, source, records, observe, observeVerdict, onProgress }: Replay): Promise<ReplayReport> {
  const sourceConfig = config.sources[source];
  if (sourceConfig === undefined || sourceConfig.kind === 'cloudwatch' || sourceConfig.kind === 'alerts')
    throw new TypeError(`${source} is no source of records`);
  const rules = Object.fromEntries(Object.entries(config.rules).filter(([, rule]) => rule.source === source));
  const store = sqliteStore({ path: ':memory:' });
  const ports: Ports = {
    ...localPorts({
      config: { ...config, rules },
      store,
      secrets: environmentSecrets({}),
      log: () => {},
      observe,
      write: () => {},
      colors: false,
    }),
    channels: { slack: counted, sns: counted, webhook: counted, terminal: counted },
    hooks: { lambdaAlias: untouched, webhook: untouched },
    ...(observeVerdict === undefined ? {} : { observeVerdict }),
  };

  const batches = batchesOf(records, sourceConfig.bucket);
  const from = (batches[0]?.start ?? 0) + sourceConfig.bucket;
  const last = (batches.at(-1)?.start ?? 0) + sourceConfig.bucket;
  const to = last + Math.max(0, ...Object.values(rules).map((rule) => rule.every ?? rule.step));
  const clock = virtualClock(from);
  const report: ReplayReport = { from, to, accepted: 0, duplicates: 0, rejected: 0, ports };
  await virtualRun({
    ports,
    clock,
    events: eventsOf(batches),
    until: to,
    onAdvance: (at) => {
      onProgress?.(to === from ? 1 : (at - from) / (to - from));
      return true;
    },
  });
  return report;

  function* eventsOf(all: readonly Batch[]): Generator<VirtualEvent> {
    for (const batch of all) {
      const at = batch.start + (sourceConfig as { bucket: number }).bucket;
      yield { at, run: () => fold(batch, at) };
    }
  }

  async function fold(batch: Batch, at: number): Promise<void> {
    const id = `replay ${batch.start}`;
    const results = [
      ...(batch.predictions.length === 0 ? [] : [await foldPredictions(ports, source, batch.predictions, id, at)]),
      ...(batch.labels.length === 0 ? [] : [await foldLabels(ports, source, batch.labels, id, at)]),
      ...(batch.samples.length === 0 ? [] : [await foldSamples(ports, source, batch.samples, id, at)]),
    ];
    for (const result of results) {
      report.accepted += result.accepted;
      report.duplicates += result.duplicates;
      report.rejected += result.rejected.length;
    }
  }
}

type Batch = { start: number; predictions: PredictionRecord[]; labels: LabelRecord[]; samples: SampleRecord[] };

/** What came in one bucket arrives as one batch at its end. */
function batchesOf(records: readonly FileRecord[], bucket: number): Batch[] {
  const batches = new Map<number, Batch>();
  for (const one of records) {
    const start = Math.floor(one.at / bucket) * bucket;
    let batch = batches.get(start);
    if (batch === undefined) {
      batch = { start, predictions: [], labels: [], samples: [] };
      batches.set(start, batch);
    }
    if (one.kind === 'prediction') batch.predictions.push(one.record);
    else if (one.kind === 'label') batch.labels.push(one.record);
    else batch.samples.push(one.record);
  }
  return [...batches.values()].sort((a, b) => a.start - b.start);
}

const counted: Channel = { send: async () => ({}) };

const refuse = async (): Promise<never> => {
  throw new DeliveryError('a replay calls no hook', { retryable: false });
};
const untouched: RollbackHook = { describe: refuse, rollback: refuse };
