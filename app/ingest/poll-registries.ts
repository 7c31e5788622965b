import type { AskedRun } from '../../core/telemetry/registries/asked-runs.ts';
import type { PolledMlflow } from '../../core/telemetry/registries/mlflow-schema.ts';
import { baselineOf, failedAt, newsOf, pollNote, type RegistryModel } from '../../core/telemetry/registries/poll.ts';
import { type PolledRegistry, polledRegistries, runsSourceOf } from '../../core/telemetry/registries/registry-schema.ts';
import { modelNote } from '../../core/telemetry/registries/registry-state.ts';
import { readAllNotes, readNote, writeNote } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';
import { yieldToEventLoop } from '../yield-to-event-loop.ts';
import { noteRegistryEvent } from './registry-events.ts';
import { takeRuns } from './take-runs.ts';

/** Looks come a minute apart, and one that is half a minute early is on time. */
const slackMs = 30_000;
const notesAtOnce = 100;

/**
 * Asks the registries that are due for where their aliases are, and keeps what has moved as
 * changes; and for runs, which become alerts. The first answer is remembered and is no news. One
 * that cannot be asked hurts itself alone.
 */
export async function pollRegistries(ports: Ports, now: number): Promise<void> {
  await Promise.all(polledRegistries(ports.config).map((one) => pollOne(ports, one, now)));
}

async function pollOne(ports: Ports, { name, registry }: { name: string; registry: PolledRegistry }, now: number): Promise<void> {
  const note = pollNote(name);
  const before = await readNote(ports.store, note);
  if (before !== undefined && now >= before.askedAt && now - before.askedAt < registry.every - slackMs) return;
  // Written before it is asked, so that nobody asks at the same time.
  await writeNote(ports.store, note, { ...before, askedAt: now });
  let known = before;
  try {
    // At the same time, for a tick on AWS waits for both.
    const [models, runs] = await Promise.allSettled([askModels(ports, registry), askRuns(ports, registry, now)]);
    if (models.status === 'rejected') throw models.reason;
    if (registry.kind === 'mlflow' && models.value !== undefined)
      await compare(ports, name, registry, models.value, { isFirst: before?.answeredAt === undefined, askedAt: now });
    // Its models are known from now on, whatever becomes of its runs.
    known = { ...before, askedAt: now, answeredAt: now };
    if (runs.status === 'rejected') throw runs.reason;
    if (runs.value !== undefined) await takeRuns(ports, { name, registry }, runs.value, now);
    await writeNote(ports.store, note, { askedAt: now, answeredAt: now });
    if (before?.error !== undefined) ports.log('info', 'a model registry answers again', { registry: name });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    ports.log('warn', 'a model registry could not be asked', { registry: name, error: reason });
    await writeNote(ports.store, note, failedAt(known, reason, now));
  }
}

const askModels = async (ports: Ports, registry: PolledRegistry): Promise<RegistryModel[] | undefined> =>
  registry.kind === 'mlflow' ? ports.askRegistry?.(registry) : undefined;

async function askRuns(ports: Ports, registry: PolledRegistry, now: number): Promise<AskedRun[] | undefined> {
  const to = runsSourceOf(registry);
  return to === undefined ? undefined : ports.askRuns?.(registry, now - to.lookback);
}

async function compare(
  ports: Ports,
  name: string,
  registry: PolledMlflow,
  models: readonly RegistryModel[],
  { isFirst, askedAt }: { isFirst: boolean; askedAt: number },
): Promise<void> {
  for (let from = 0; from < models.length; from += notesAtOnce) {
    await yieldToEventLoop(from / notesAtOnce);
    const some = models.slice(from, from + notesAtOnce);
    const states = await readAllNotes(
      ports.store,
      some.map((model) => modelNote(name, model.name)),
    );
    for (const [place, model] of some.entries()) {
      const state = states[place];
      if (isFirst) await writeNote(ports.store, modelNote(name, model.name), baselineOf(state, model, askedAt));
      else {
        for (const event of newsOf(state, model, askedAt)) await noteRegistryEvent(ports, name, registry, event, askedAt);
        if (state !== undefined && state.newest === undefined && model.newest !== undefined) {
          const now = await readNote(ports.store, modelNote(name, model.name));
          await writeNote(ports.store, modelNote(name, model.name), { aliases: {}, ...now, newest: model.newest });
        }
      }
    }
  }
}
