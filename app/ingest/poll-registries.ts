import {
  baselineOf,
  failedAt,
  newsOf,
  type PollNote,
  pollNote,
  type RegistryModel,
} from '../../core/telemetry/registries/poll.ts';
import { type PolledRegistry, polledRegistries } from '../../core/telemetry/registries/registry-schema.ts';
import { modelNote } from '../../core/telemetry/registries/registry-state.ts';
import { readAllNotes, readNote, writeNote } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';
import { yieldToEventLoop } from '../yield-to-event-loop.ts';
import { noteRegistryEvent } from './registry-events.ts';

/** Looks come a minute apart, and one that is half a minute early is on time. */
const slackMs = 30_000;
const notesAtOnce = 100;

/**
 * Asks the registries that are due for where their aliases are, and keeps what has moved as changes. The first answer is remembered
 * and is no news. One that cannot be asked hurts itself alone.
 */
export async function pollRegistries(ports: Ports, now: number): Promise<void> {
  const { askRegistry } = ports;
  if (askRegistry === undefined) return;
  const polled = polledRegistries(ports.config);
  await Promise.all(polled.map(({ name, registry }) => pollOne(ports, name, registry, () => askRegistry(registry), now)));
}

async function pollOne(
  ports: Ports,
  name: string,
  registry: PolledRegistry,
  ask: () => Promise<RegistryModel[]>,
  now: number,
): Promise<void> {
  const note = pollNote(name);
  const before = await readNote(ports.store, note);
  if (before !== undefined && now >= before.askedAt && now - before.askedAt < registry.every - slackMs) return;
  // Written before it is asked, so that nobody asks at the same time.
  const asked: PollNote = { ...before, askedAt: now };
  await writeNote(ports.store, note, asked);
  try {
    const models = await ask();
    await compare(ports, name, registry, models, { isFirst: before?.answeredAt === undefined, askedAt: now });
    await writeNote(ports.store, note, { askedAt: now, answeredAt: now });
    if (before?.error !== undefined) ports.log('info', 'a model registry answers again', { registry: name });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    ports.log('warn', 'a model registry could not be asked', { registry: name, error: reason });
    await writeNote(ports.store, note, failedAt(before, reason, now));
  }
}

async function compare(
  ports: Ports,
  name: string,
  registry: PolledRegistry,
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
