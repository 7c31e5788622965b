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
import { maxRetryAfterMs } from '../deliver/held-effect.ts';
import { foldSamples } from '../ingest/ingest.ts';
import { IngestError } from '../ingest/ingest-result.ts';
import type { Ports } from '../ports/ports.ts';
import { noteSynthetic, readSynthetic } from './vitals.ts';

/** More effects than a synthetic incident can have, and some of others before them. */
const maxEffects = 500;
/** Clocks of two machines differ by less. */
const clockSlackMs = 60_000;

export type SyntheticTurn = {
  /** The sample of a new one has been accepted. */
  begun: boolean;
  /** What became of the one that was under way, told once. */
  outcome?: SyntheticOutcome;
};

/**
 * Looks after the synthetic incident: notes whether its page has arrived, and begins the next one when it is due. To be
 * called each minute by a part that judges no rules and delivers no pages, so that it also tells when those stand still.
 * From its sample on, everything that happens is what happens to any sample.
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
  await clear(ports, now);
  await begin(ports, now);
  return { begun: true, ...(outcome && { outcome }) };
}

function tell({ log }: Ports, outcome: SyntheticOutcome, well: boolean): void {
  const fields = { tookMs: timeToPage(outcome), why: outcome.kind === 'missed' ? outcome.why : undefined };
  if (well) log('info', 'the page of the synthetic incident has arrived', fields);
  else log('error', 'the page of the synthetic incident did not arrive in time', fields);
}

/** What there is of the synthetic incident that is under way. */
async function evidenceOf({ store }: Ports, contact: Contact) {
  const incident = await store.incidentOfGroup(syntheticName);
  if (incident === undefined) return { timeline: [] };
  // However many pages of others wait before it.
  const lane = await store.effectsOfLane(pageLane(`channel/${syntheticName}`, contact));
  const waiting = lane.find(({ effect }) => effect.incidentId === incident.id);
  return { timeline: await store.timeline(incident.id), held: waiting?.lastError };
}

/** How often it is cleared away again what an evaluation was deciding about just then. */
const maxClearings = 3;

/** Drops what the last one has left: its incident, and what an outage kept from coming to its end. */
async function clear({ store }: Pick<Ports, 'store'>, now: number, tries = 1): Promise<void> {
  const alert = await store.alert(fingerprint(syntheticName, syntheticSample.labels));
  const incident = await store.incidentOfGroup(syntheticName);
  const effects = await store.dueEffects(now + maxRetryAfterMs, maxEffects);
  const done = effects.flatMap(({ effect }) => (effect.incidentId === incident?.id ? [effect.id] : []));
  const gone = alert && ({ kind: 'alert gone', fingerprint: alert.fingerprint, expected: alert.version } as const);
  if (gone !== undefined || done.length > 0) {
    const commit = { writes: gone === undefined ? [] : [gone], timeline: [], effects: [], done };
    // Left as it is, an alert that fires already would begin no incident with the next sample.
    if ((await store.commit(commit)) === 'conflict' && tries < maxClearings) return clear({ store }, now, tries + 1);
  }
  if (incident !== undefined) await store.forgetOfTenant(incident.id);
}

async function begin(ports: Ports, now: number): Promise<void> {
  const own = { ...ports, config: syntheticConfig(ports.config) };
  // Noted first: were the sample there without its note, it would page, and nobody would know what it was for.
  await noteSynthetic(ports, { startedAt: now });
  const { rejected } = await foldSamples(own, syntheticName, [{ ...syntheticSample, timestamp: now }], `${now}`, now);
  if (rejected[0] !== undefined) throw new IngestError('body', `the synthetic sample was refused: ${rejected[0].reason}`);
}

/** The config of an evaluation: while a synthetic sample is looked for it has the rule for it as well. */
export async function judgedConfig(ports: Pick<Ports, 'store' | 'config'>, now: number): Promise<RunningConfig> {
  const synthetic = await readSynthetic(ports);
  if (synthetic === undefined) return ports.config;
  const age = now - synthetic.run.startedAt;
  return age >= -clockSlackMs && age <= judgedForMs(synthetic.configured) ? withSyntheticRule(ports.config) : ports.config;
}
