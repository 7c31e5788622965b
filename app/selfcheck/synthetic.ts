import type { Contact } from '../../core/response/contacts/contact.ts';
import { pageLane } from '../../core/response/outbox/lanes.ts';
import type { RunningConfig } from '../../core/selfcheck/running-config.ts';
import {
  judgedForMs,
  syntheticConfig,
  syntheticName,
  syntheticSample,
  withSyntheticRule,
} from '../../core/selfcheck/synthetic/own-config.ts';
import {
  isSyntheticDue,
  isWell,
  type SyntheticOutcome,
  syntheticOutcome,
  timeToPage,
} from '../../core/selfcheck/synthetic/run.ts';
import { fingerprint } from '../../core/vocabulary/fingerprint.ts';
import { asGroupKey } from '../../core/vocabulary/ids.ts';
import { maxRetryAfterMs } from '../deliver/attempt.ts';
import { foldSamples } from '../ingest/ingest.ts';
import { IngestError } from '../ingest/ingest-result.ts';
import type { Ports } from '../ports/ports.ts';
import { noteSynthetic, readSynthetic } from './vitals.ts';

/** More effects than a synthetic incident can have, plus some of others before them. */
const maxEffects = 500;
/** Two machines' clocks differ by less. */
const clockSlackMs = 60_000;

export type SyntheticTurn = {
  /** The sample of a new synthetic incident was accepted. */
  begun: boolean;
  /** The outcome of the running synthetic incident, reported once. */
  outcome?: SyntheticOutcome;
};

/**
 * Runs the synthetic incident: records whether its page arrived, and starts the next when due. Call
 * it each minute from a part that neither judges nor delivers, so that it also detects when those
 * are stuck. From its sample on, it is processed like any other.
 */
export async function watchSynthetic(ports: Ports, now: number): Promise<SyntheticTurn> {
  const configured = ports.config.settings.syntheticIncident;
  if (configured === undefined) return { begun: false };
  let run = (await readSynthetic(ports))?.run;
  let outcome: SyntheticOutcome | undefined;
  if (run !== undefined && run.outcome === undefined) {
    outcome = syntheticOutcome(run, configured, await evidenceOf(ports, configured.contact), now);
    if (outcome !== undefined) {
      run = { ...run, outcome };
      await noteSynthetic(ports, run);
      tell(ports, outcome, isWell(outcome, configured));
    }
  }
  if (!isSyntheticDue(run, configured, now)) return { begun: false, ...(outcome && { outcome }) };
  await beginSynthetic(ports, now);
  return { begun: true, ...(outcome && { outcome }) };
}

function tell({ log }: Ports, outcome: SyntheticOutcome, well: boolean): void {
  const fields = { tookMs: timeToPage(outcome), why: outcome.kind === 'missed' ? outcome.why : undefined };
  if (well) log('info', 'the page of the synthetic incident has arrived', fields);
  else log('error', 'the page of the synthetic incident did not arrive in time', fields);
}

/** The evidence about the running synthetic incident. */
export async function evidenceOf({ store }: Ports, contact: Contact) {
  const incident = await store.incidentOfGroup(asGroupKey(syntheticName));
  if (incident === undefined) return { timeline: [] };
  // By lane, however many other pages wait before it.
  const lane = await store.effectsOfLane(pageLane({ kind: 'channel', name: syntheticName }, contact));
  const waiting = lane.find(({ effect }) => effect.incidentId === incident.id);
  return { timeline: await store.timeline(incident.id), held: waiting?.lastError };
}

/** How often to retry the clearing if an evaluation decides at the same time. */
const maxClearings = 3;

/** Drops the last one's remains: its incident, and what an outage left unfinished. */
async function clear({ store }: Pick<Ports, 'store'>, now: number, tries = 1): Promise<void> {
  const alert = await store.alert(fingerprint(syntheticName, syntheticSample.labels));
  const incident = await store.incidentOfGroup(asGroupKey(syntheticName));
  const effects = await store.dueEffects(now + maxRetryAfterMs, maxEffects);
  const done = effects.flatMap(({ effect }) => (effect.incidentId === incident?.id ? [effect.id] : []));
  const gone = alert && ({ kind: 'alert gone', fingerprint: alert.fingerprint, expected: alert.version } as const);
  if (gone !== undefined || done.length > 0) {
    const commit = { writes: gone === undefined ? [] : [gone], timeline: [], effects: [], done };
    // An alert left firing would open no incident with the next sample.
    if ((await store.commit(commit)) === 'conflict' && tries < maxClearings) return clear({ store }, now, tries + 1);
  }
  if (incident !== undefined) await store.forgetOfTenant(incident.id);
}

/** Writes the sample of the next one, from which it goes its way. The last one must have ended. */
export async function beginSynthetic(ports: Ports, now: number): Promise<void> {
  await clear(ports, now);
  const own = { ...ports, config: syntheticConfig(ports.config) };
  // Note first: a sample without a note would page with nobody knowing why.
  await noteSynthetic(ports, { startedAt: now });
  const { rejected } = await foldSamples(own, syntheticName, [{ ...syntheticSample, timestamp: now }], `${now}`, now);
  if (rejected[0] !== undefined) throw new IngestError('body', `the synthetic sample was refused: ${rejected[0].reason}`);
}

/** The config of an evaluation. While a synthetic sample is watched, it includes its rule. */
export async function judgedConfig(ports: Pick<Ports, 'store' | 'config'>, now: number): Promise<RunningConfig> {
  const synthetic = await readSynthetic(ports);
  if (synthetic === undefined) return ports.config;
  const age = now - synthetic.run.startedAt;
  return age >= -clockSlackMs && age <= judgedForMs(synthetic.configured) ? withSyntheticRule(ports.config) : ports.config;
}
