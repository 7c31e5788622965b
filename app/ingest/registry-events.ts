import { type RegistryEvent, readMlflowEvent } from '../../core/telemetry/registries/mlflow-event.ts';
import type { MlflowConfig } from '../../core/telemetry/registries/mlflow-schema.ts';
import { modelNote, registryStep } from '../../core/telemetry/registries/registry-state.ts';
import { readNote, writeNote } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';
import { withMutex } from '../with-mutex.ts';
import { IngestError } from './ingest-result.ts';
import { noteChanges } from './note-changes.ts';

export type RegistryTaken = { taken: boolean; message: string };

/** Who tells changes of a registry: the same, whichever way they come. */
export const senderOf = (registry: string): string => `mlflow:${registry}`;

/** One webhook of MLflow, whose signature was checked. Throws IngestError. */
export async function takeMlflowEvent(
  ports: Ports,
  name: string,
  registry: MlflowConfig,
  sent: unknown,
  now: number,
): Promise<RegistryTaken> {
  const read = readMlflowEvent(sent);
  if (!read.ok) throw new IngestError('body', read.error);
  if ('ignored' in read) return { taken: false, message: read.ignored };
  const noted = await noteRegistryEvent(ports, name, registry, read.event, now);
  return { taken: noted, message: noted ? 'kept as a change' : 'it was known' };
}

/**
 * Keeps an event of a registry as a change, with what was there before. The change goes first:
 * after a crash between the two, the event is sent again, is known by its key, and what is
 * remembered follows. Returns whether it was news.
 */
export async function noteRegistryEvent(
  ports: Ports,
  name: string,
  registry: MlflowConfig,
  event: RegistryEvent,
  now: number,
): Promise<boolean> {
  return withMutex(ports.inFlight.turns, `registry ${name} ${event.model}`, async () => {
    const note = modelNote(name, event.model);
    const before = await readNote(ports.store, note);
    const { change, state } = registryStep(before, event, { registry, now });
    const { noted } = change === undefined ? { noted: 0 } : await noteChanges(ports, [change], senderOf(name), now);
    // Also of a model that has nothing yet: the next look would find it new again.
    if (state !== before) await writeNote(ports.store, note, state);
    return noted > 0;
  });
}
