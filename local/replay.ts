import { foldLabels, foldPredictions, foldSamples } from '../app/ingest/ingest.ts';
import { type Channel, everyChannel } from '../app/ports/channel.ts';
import { DeliveryError } from '../app/ports/delivery-error.ts';
import type { AuditObserver, Observer, VerdictObserver } from '../app/ports/observers.ts';
import type { Ports } from '../app/ports/ports.ts';
import { everyHook, type RollbackHook } from '../app/ports/rollback-hook.ts';
import type { Config } from '../core/config/schema.ts';
import { isResting, type Rule, sourceNameOf } from '../core/detection/rules/rule-schema.ts';
import { rulesBehind } from '../core/dry-run/backtest/judged-rules.ts';
import type { LabelRecord, PredictionRecord, SampleRecord } from '../core/telemetry/samples/records.ts';
import { countOf } from '../core/telemetry/samples/refusals.ts';
import { isStored } from '../core/telemetry/sources/source.ts';
import { sqliteStore } from '../stores/sqlite/index.ts';
import { virtualClock } from './clock.ts';
import type { HeldHistory } from './held-history.ts';
import { environmentSecrets, localPorts } from './ports.ts';
import type { FileRecord } from './read-records.ts';
import { type VirtualEvent, virtualRun } from './run/virtual-run.ts';
import { withoutSenders } from './without-senders.ts';

type Watched = {
  config: Config;
  observe: Observer;
  observeAudit?: AuditObserver | undefined;
  observeVerdict?: VerdictObserver | undefined;
  /** Called with the share done, 0 to 1. */
  onProgress?: (share: number) => void;
};

export type Replay = Watched & {
  source: string;
  /** In any order. */
  records: readonly FileRecord[];
};

export type ReplayReport = {
  from: number;
  to: number;
  accepted: number;
  unmatched: number;
  duplicates: number;
  rejected: number;
  ports: Ports;
};

/**
 * Replays recorded data through the whole service in memory, on a virtual clock. Nothing goes
 * outside: every page counts as delivered, and no hook is called. Equal records give an equal
 * timeline. Judges only rules of the replayed source, and composites of only these. The store stays
 * open for the caller to read and close.
 */
export async function replay({ source, records, ...watched }: Replay): Promise<ReplayReport> {
  const { config, onProgress } = watched;
  const sourceConfig = config.sources[source];
  if (!isStored(sourceConfig)) throw new TypeError(`${source} is not a source of records`);
  const rules = rulesOf(config.rules, source);
  const ports = unheardPorts({ ...watched, config: { ...config, rules } });

  const batches = batchesOf(records, sourceConfig.bucket);
  const from = (batches[0]?.start ?? 0) + sourceConfig.bucket;
  const last = (batches.at(-1)?.start ?? 0) + sourceConfig.bucket;
  const to = last + Math.max(0, ...Object.values(rules).map((rule) => rule.every ?? rule.step));
  const clock = virtualClock(from);
  const report: ReplayReport = { from, to, accepted: 0, unmatched: 0, duplicates: 0, rejected: 0, ports };
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
      report.accepted += result.accepted + result.corrected;
      report.unmatched += result.unmatched;
      report.duplicates += result.duplicates;
      report.rejected += countOf(result);
    }
  }
}

/** Like `replay`, for what sources hold of a time span, tick by tick. */
export async function replayHeld({ held, ...watched }: Watched & { held: HeldHistory }): Promise<ReplayReport> {
  const { from, to, sources } = held;
  const ports: Ports = { ...unheardPorts(watched), sources };
  const onAdvance = (at: number): boolean => {
    watched.onProgress?.(to === from ? 1 : (at - from) / (to - from));
    return true;
  };
  await virtualRun({ ports, clock: virtualClock(from), events: [], until: to, onAdvance });
  return { from, to, accepted: 0, unmatched: 0, duplicates: 0, rejected: 0, ports };
}

/** Rules that query the source, and composites of only these. */
function rulesOf(rules: Config['rules'], source: string): Config['rules'] {
  const rests = (rule: Rule): boolean => isResting(rule) || sourceNameOf(rule) === source;
  const kept = (rule: Rule): boolean =>
    rests(rule) &&
    [...rulesBehind(rules, rule)].every((id) => {
      const behind = rules[id];
      return behind !== undefined && rests(behind);
    });
  return Object.fromEntries(Object.entries(rules).filter(([, rule]) => kept(rule)));
}

/** The ports of a service in memory, with no outside. */
function unheardPorts({ config, observe, observeAudit, observeVerdict }: Watched): Ports {
  return {
    ...localPorts({
      config: withoutSenders(config),
      store: sqliteStore({ path: ':memory:' }),
      secrets: environmentSecrets({}),
      log: () => {},
      observe,
      observeAudit,
      write: () => {},
      colors: false,
    }),
    channels: everyChannel(counted),
    hooks: everyHook(untouched),
    ...(observeVerdict === undefined ? {} : { observeVerdict }),
  };
}

type Batch = { start: number; predictions: PredictionRecord[]; labels: LabelRecord[]; samples: SampleRecord[] };

/** Records of one bucket arrive as one batch at its end. */
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
